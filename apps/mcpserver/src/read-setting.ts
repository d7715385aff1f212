import { readFile } from "node:fs/promises";
import { ParleyError } from "@parley/core";

/** Reads a file that a setting names. @throws {@link ParleyError} `E_CONFIG_INVALID` naming flag and file */
export async function readSetting(path: string, flag: string): Promise<string> {
  return readFile(path, "utf8").catch((error: unknown) => {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new ParleyError("E_CONFIG_INVALID", `${flag} ${path}: cannot be read (${why}).`, { cause: error });
  });
}
