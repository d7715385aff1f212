import { readPublicKey } from "@parley/tensorpool";
import * as fc from "fast-check";
import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { publicKey } from "./_world.ts";

/** A key of the given fields, each with its length before it. */
function keyOf(algorithm: string, ...fields: readonly Buffer[]): string {
  const pieces = [Buffer.from(algorithm), ...fields].flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(field.length);
    return [length, field];
  });
  return `${algorithm} ${Buffer.concat(pieces).toString("base64")}`;
}

function rsaKey(bits: number): string {
  const { publicKey: key } = generateKeyPairSync("rsa", { modulusLength: bits });
  const { n = "", e = "" } = key.export({ format: "jwk" });
  return keyOf(
    "ssh-rsa",
    Buffer.from(e, "base64url"),
    Buffer.concat([Buffer.from([0]), Buffer.from(n, "base64url")]),
  );
}

describe("[TPL-09] a public key", () => {
  it("is one line of an algorithm in use", () => {
    expect(readPublicKey(`  ${publicKey}\n`)).toMatchObject({ line: publicKey, algorithm: "ssh-ed25519" });
    expect(readPublicKey(rsaKey(2048)).algorithm).toBe("ssh-rsa");
    const curve = keyOf("ecdsa-sha2-nistp256", Buffer.from("nistp256"), Buffer.alloc(65, 4));
    expect(readPublicKey(curve).algorithm).toBe("ecdsa-sha2-nistp256");
  });

  it.each([
    [
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJzAqbdrctt8NDtC8pTFPYPswEUdgN4syl8JniHFXoKF ada@example",
      "SHA256:Y282GPZvpaUnOMnH+aNvL1nmuxSdmA40RgQTm6qkw6I",
    ],
    [
      "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCZ0NwTzCq0JCA2oK2cnvd50SPbf+kEvXONIgrY3sIpJFG2V2PW5LOZdNBTOX6gfwtwlU5RCsItVoBAqdkVj/wagzsg279t9m5C6WQ7zxV6TFE7nvOoTVSc2dazsUDsDtKpUjmKOM0bcQMskwoi2toNkVUw+ux3vDQuX1cPyC3ij+k9qJ+Ki+IJ8ElM9899QV9aXaJmxh2NM6+97YZfj5yuNDOt/lMSFU/TrSzJpgOahn+e3SDHDDWVkeEt4ai5V7avUOOMXefVlfMM1R4VV8EJUOvSDeqOr199MNIGtdpUffjnX2b9q13fpzQW2a4i8dK+ET70F6pWS6fHp9IKi8X5 x",
      "SHA256:zPlTvdn1XF06R1NUdv0/dj0NlOgWsXViMzsqaTm3X1c",
    ],
  ])("has the fingerprint that ssh-keygen -l printed for %s", (line, fingerprint) => {
    expect(readPublicKey(line).fingerprint).toBe(fingerprint);
  });

  it.each([
    ["nothing", "  ", /is empty/],
    [
      "a private key",
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA\n",
      /is a private key\. Keep it secret/,
    ],
    ["a PuTTY file", "PuTTY-User-Key-File-2: ssh-ed25519", /is a private key/],
    ["a second line", `${publicKey}\nssh-rsa AAAA`, /several lines/],
    ["a carriage return", `${publicKey}\rssh-rsa AAAA`, /several lines/],
    ["an escape", `${publicKey}\u001b[2J`, /control characters/],
    ["options before it", `command="rm -rf /" ${publicKey}`, /begins with none of/],
    [
      "a certificate",
      publicKey.replace("ssh-ed25519", "ssh-ed25519-cert-v01@openssh.com"),
      /begins with none of/,
    ],
    ["a DSA key", keyOf("ssh-dss", Buffer.alloc(8)), /begins with none of/],
    ["no data", "ssh-ed25519", /no base64/],
    ["no base64", "ssh-ed25519 AAAA$(id)", /no base64/],
    [
      "another algorithm inside",
      keyOf("ssh-rsa", Buffer.alloc(32)).replace("ssh-rsa", "ssh-ed25519"),
      /one algorithm and holds another/,
    ],
    ["too short an ed25519 key", keyOf("ssh-ed25519", Buffer.alloc(31)), /no whole ed25519 key/],
    ["a weak RSA key", rsaKey(1024), /RSA key of 1024 bits; 2048/],
    ["a cut key", `ssh-ed25519 ${Buffer.from([0, 0, 0, 11, 1]).toString("base64")}`, /is cut short/],
    ["more than 16 KiB", `${publicKey} ${"x".repeat(17_000)}`, /longer than 16 KiB/],
  ])("is not %s", (_what, given, reason) => {
    expect(() => readPublicKey(given)).toThrow(reason);
  });

  it("is refused without being repeated, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12, maxLength: 60 }), (text) => {
        try {
          readPublicKey(`ssh-ed25519 ${text}`);
        } catch (error) {
          return error instanceof Error && !error.message.includes(text);
        }
        return true;
      }),
    );
  });
});
