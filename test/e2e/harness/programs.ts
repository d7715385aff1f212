import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A program's path on PATH or in one of our folders under .parley; `undefined` where it is not installed. */
export function findProgram(name: string, more: readonly string[] = []): string | undefined {
  const folders = [...more, ...(process.env["PATH"] ?? "").split(delimiter)];
  return folders
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}
