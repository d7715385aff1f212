import { realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { ParleyError } from "@parley/core";

/**
 * The real path of something that lies within one of the roots, links resolved on both sides.
 * @throws `E_ARGUMENT_INVALID` for a path outside, or one that is not there: a caller learns nothing of the difference
 */
export async function withinRoots(path: string, roots: readonly string[]): Promise<string> {
  for (const root of roots) {
    const [base, real] = await Promise.all([realpath(root), realpath(resolve(root, path))].map(orNothing));
    if (base === undefined || real === undefined) continue;
    const way = relative(base, real);
    if (way === "" || !(way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way))) return real;
  }
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `${JSON.stringify(path)} is not there, or lies outside the folders that may be watched.`,
  );
}

async function orNothing(work: Promise<string>): Promise<string | undefined> {
  return await work.catch(() => undefined);
}
