import { readdirSync, readFileSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
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
export async function readTrust(sources: TrustSources): Promise<string | undefined> {
  return pemOf([...(await readFiles(sources)), ...readDirectories(directoriesOf(sources))]);
}

function pemOf(texts: readonly string[]): string | undefined {
  const blocks = new Set(texts.flatMap((text) => certificatesIn(text)));
  return blocks.size === 0 ? undefined : [...blocks].join("\n");
}

async function readFiles({ ca, env }: TrustSources): Promise<readonly string[]> {
  const file = env["SSL_CERT_FILE"] ?? "";
  return [
    ...(ca === undefined ? [] : [await readNamed("--ca", ca)]),
    ...(file === "" ? [] : [await readNamed("SSL_CERT_FILE", file)]),
  ];
}

function directoriesOf({ env }: TrustSources): readonly string[] {
  return (env["SSL_CERT_DIR"] ?? "").split(delimiter).filter((path) => path !== "");
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

/**
 * Directories that are not there are passed over, as OpenSSL does: distributions list several. Hundreds of small files
 * take a tenth of the time when each is read at once.
 */
function readDirectories(directories: readonly string[]): readonly string[] {
  return directories.flatMap((directory) => {
    const names = orNothing(() => readdirSync(directory)) ?? [];
    return names
      .slice(0, maxFiles)
      .flatMap((name) => orNothing(() => readSmall(join(directory, name))) ?? []);
  });
}

function readSmall(path: string): string {
  const found = statSync(path);
  return found.isFile() && found.size <= maxFileBytes ? readFileSync(path, "utf8") : "";
}

function orNothing<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Authorities that are read again from time to time. */
export interface Trust {
  /** The directories are read when somebody first asks: a server without clients of its own never does. */
  pem(): string | undefined;
  /** Reads the sources again; what cannot be read leaves things as they are. */
  refresh(): Promise<void>;
}

/** @throws `E_CONFIG_INVALID` as {@link readTrust} */
export async function openTrust(sources: TrustSources): Promise<Trust> {
  const directories = directoriesOf(sources);
  let files = await readFiles(sources);
  let held: { readonly stamp: string; readonly texts: readonly string[] } | undefined;
  let pem: { readonly text: string | undefined } | undefined;
  const look = (): { readonly stamp: string; readonly texts: readonly string[] } => {
    const stamp = stampOf(directories);
    return held?.stamp === stamp ? held : { stamp, texts: readDirectories(directories) };
  };
  return {
    pem() {
      held ??= look();
      pem ??= { text: pemOf([...files, ...held.texts]) };
      return pem.text;
    },
    async refresh() {
      files = await readFiles(sources).catch(() => files);
      if (held !== undefined) held = look();
      pem = undefined;
    },
  };
}

/** Changes when a file of the directories comes, goes or is written. */
function stampOf(directories: readonly string[]): string {
  const files = directories.flatMap((directory) =>
    (orNothing(() => readdirSync(directory)) ?? []).slice(0, maxFiles).map((name) => join(directory, name)),
  );
  return files.map((file) => `${file} ${orNothing(() => statSync(file).mtimeMs) ?? "gone"}`).join("\n");
}
