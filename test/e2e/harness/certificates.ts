import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generate } from "selfsigned";

/** Key and certificate as PEM text. */
export interface Pair {
  readonly key: string;
  readonly cert: string;
}

interface Wanted {
  readonly name?: string;
  /** Signs it; absent, it signs itself. */
  readonly ca?: Pair;
  readonly authority?: boolean;
  readonly from?: Date;
  readonly to?: Date;
}

/** A certificate for `localhost` and this machine's loopback addresses, made anew. */
export async function makePair(wanted: Wanted = {}): Promise<Pair> {
  const { name = "localhost", ca, authority = false, from, to } = wanted;
  const made = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    algorithm: "sha256",
    ...(from === undefined ? {} : { notBeforeDate: from }),
    ...(to === undefined ? {} : { notAfterDate: to }),
    ...(ca === undefined ? {} : { ca }),
    extensions: [
      { name: "basicConstraints", cA: authority, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: authority },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}

/** Writes a pair as `key.pem` and `cert.pem`. */
export async function writePair(
  directory: string,
  { key, cert }: Pair,
): Promise<{ keyFile: string; certFile: string }> {
  const keyFile = join(directory, "key.pem");
  const certFile = join(directory, "cert.pem");
  await writeFile(keyFile, key, { mode: 0o600 });
  await writeFile(certFile, cert);
  return { keyFile, certFile };
}
