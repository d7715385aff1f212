import { readFile } from "node:fs/promises";
import { LineCounter, parseDocument } from "yaml";
import { ParleyError } from "@parley/core/errors";

const maxBytes = 1_048_576;
const unreadable: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a directory",
  EACCES: "this user may not read it",
};

/** A YAML configuration file, read and parsed but not yet checked. */
export interface ConfigFile {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Reads a YAML (or JSON) file whose top level is a mapping.
 * @throws {@link ParleyError} `E_CONFIG_INVALID` with file, line and column
 */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const why = unreadable[code] ?? code;
    throw new ParleyError("E_CONFIG_INVALID", `--config ${path}: ${why}.`, { cause: error });
  });
  if (text.length > maxBytes) throw new ParleyError("E_CONFIG_INVALID", `${path}: larger than 1 MiB.`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [problem] = document.errors;
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new ParleyError("E_CONFIG_INVALID", `${path}:${line}:${col}: ${problem.message}.`);
  }
  const values: unknown = document.toJS({ maxAliasCount: 100 }) ?? {};
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new ParleyError("E_CONFIG_INVALID", `${path}: the top level must be a mapping such as "server:".`);
  }
  return { path, values: Object.fromEntries(Object.entries(values)) };
}
