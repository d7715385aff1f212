import { readdir, readFile, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { ParleyError } from "@parley/core/errors";

/** Where a client's certificate authorities come from, all beside the well-known ones. */
export interface TrustSources {
  /** PEM file of `--ca`. */
  readonly ca?: string | undefined;
  /** `SSL_CERT_FILE` names a PEM file, `SSL_CERT_DIR` directories of them, as OpenSSL has it. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Bounds of a directory: more than any system keeps. */
const maxFiles = 2000;
const maxFileBytes = 4 * 2 ** 20;

/**
 * Reads the authorities a client of ours is to trust.
 * @returns PEM text, or nothing where no source is named or holds a certificate.
 * @throws `E_CONFIG_INVALID` for a named file that cannot be read or holds none
 */
export async function readTrust({ ca, env }: TrustSources): Promise<string | undefined> {
  const file = env["SSL_CERT_FILE"] ?? "";
  const texts = [
    ...(ca === undefined ? [] : [await readNamed("--ca", ca)]),
    ...(file === "" ? [] : [await readNamed("SSL_CERT_FILE", file)]),
    ...(await readDirectories(env["SSL_CERT_DIR"] ?? "")),
  ];
  const blocks = new Set(texts.flatMap((text) => certificatesIn(text)));
  return blocks.size === 0 ? undefined : [...blocks].join("\n");
}

function certificatesIn(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

async function readNamed(source: string, path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new ParleyError("E_CONFIG_INVALID", `${source} ${path}: cannot be read (${why}).`, { cause });
  });
  if (certificatesIn(text).length > 0) return text;
  throw new ParleyError("E_CONFIG_INVALID", `${source} ${path}: no PEM certificate in that file.`);
}

/** Directories that are not there are passed over, as OpenSSL does: distributions list several. */
async function readDirectories(value: string): Promise<string[]> {
  const texts: string[] = [];
  for (const directory of value.split(delimiter).filter((path) => path !== "")) {
    const names = await readdir(directory).catch(() => []);
    for (const name of names.slice(0, maxFiles)) {
      const text = await readSmall(join(directory, name)).catch(() => "");
      texts.push(text);
    }
  }
  return texts;
}

async function readSmall(path: string): Promise<string> {
  const found = await stat(path);
  return found.isFile() && found.size <= maxFileBytes ? readFile(path, "utf8") : "";
}

/** Authorities that are read again from time to time. */
export interface Trust {
  pem(): string | undefined;
  /** Reads the sources again; what cannot be read leaves things as they are. */
  refresh(): Promise<void>;
}

/** @throws `E_CONFIG_INVALID` as {@link readTrust} */
export async function openTrust(sources: TrustSources): Promise<Trust> {
  let pem = await readTrust(sources);
  return {
    pem: () => pem,
    async refresh() {
      pem = await readTrust(sources).catch(() => pem);
    },
  };
}
