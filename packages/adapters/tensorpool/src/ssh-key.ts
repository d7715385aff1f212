import { ParleyError } from "@parley/core";
import { createHash } from "node:crypto";

/** A public key that may go onto a machine. */
export interface PublicKey {
  /** `algorithm base64 comment`, one line. */
  readonly line: string;
  readonly algorithm: string;
  /** As `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
}

const algorithms = [
  "ssh-ed25519",
  "ssh-rsa",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
];

const maxBytes = 16 * 1024;
/** Below this an RSA key is no longer accepted by current servers. */
const minRsaBits = 2048;

/**
 * Reads one OpenSSH public key: one line without options before it, of an algorithm in use, whose data says the same
 * algorithm. Certificates and DSA keys are refused.
 * @throws `E_ARGUMENT_INVALID`; the message never repeats what was given
 */
export function readPublicKey(given: string): PublicKey {
  if (given.length > maxBytes) throw refused("is longer than 16 KiB");
  if (/PRIVATE KEY|PuTTY-User-Key-File/.test(given)) {
    throw refused("is a private key. Keep it secret, and give the line of the .pub file");
  }
  const line = given.trim();
  if (line === "") throw refused("is empty");
  if (/[\r\n]/.test(line)) throw refused("has several lines; one key is one line");
  if (/\p{Cc}/u.test(line)) throw refused("holds control characters");
  const [algorithm = "", data = "", ...comment] = line.split(/ +/);
  if (!algorithms.includes(algorithm)) {
    throw refused(`begins with none of ${algorithms.join(", ")}`);
  }
  const blob = decode(data);
  checkBlob(algorithm, blob);
  const digest = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  return {
    line: [algorithm, data, ...comment].join(" "),
    algorithm,
    fingerprint: `SHA256:${digest}`,
  };
}

function refused(reason: string): ParleyError {
  return new ParleyError("E_ARGUMENT_INVALID", `The SSH public key ${reason}.`);
}

function decode(data: string): Buffer {
  const blob = Buffer.from(data, "base64");
  // Buffer skips what is no base64, so the way back shows whether there was any.
  if (data === "" || blob.toString("base64") !== data) throw refused("holds no base64 after its algorithm");
  return blob;
}

/** The length-prefixed fields of a key (RFC 4253, section 6.6). */
function fieldsOf(blob: Buffer): readonly Buffer[] {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < blob.length) {
    if (at + 4 > blob.length) throw refused("is cut short");
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) throw refused("is cut short");
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

function checkBlob(algorithm: string, blob: Buffer): void {
  const fields = fieldsOf(blob);
  const [name, second, third] = fields;
  if (name?.toString("latin1") !== algorithm) throw refused("says one algorithm and holds another");
  if (algorithm === "ssh-ed25519" && (fields.length !== 2 || second?.length !== 32)) {
    throw refused("is no whole ed25519 key");
  }
  if (algorithm === "ssh-rsa") {
    const bits = bitLength(third ?? Buffer.alloc(0));
    if (fields.length !== 3 || bits < minRsaBits) {
      throw refused(`is an RSA key of ${String(bits)} bits; ${String(minRsaBits)} are the least`);
    }
  }
  if (fields.length < 2) throw refused("is cut short");
}

function bitLength(number: Buffer): number {
  const first = number.findIndex((byte) => byte !== 0);
  if (first === -1) return 0;
  return (number.length - first - 1) * 8 + (32 - Math.clz32(number[first] ?? 0));
}
