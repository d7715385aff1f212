import { ParleyError } from "@parley/core";
import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/**
 * An absolute path inside `root`, links followed; what does not exist yet is judged by its nearest folder that does.
 * @throws `E_ARGUMENT_INVALID` when it leads outside
 */
export async function confine(root: string, given: string, argument: string): Promise<string> {
  if (given.includes("\0")) throw outside(root, given, argument);
  const path = resolve(root, given);
  const home = await nearestReal(root);
  if (!isInside(root, path) || !isInside(home, await nearestReal(path))) throw outside(root, given, argument);
  return path;
}

/** Where a path really leads; of one that does not exist, where it would. */
async function nearestReal(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await nearestReal(parent), relative(parent, path));
  }
}

/** Whether a path is a folder or in it. Both absolute. */
function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function outside(root: string, given: string, argument: string): ParleyError {
  return new ParleyError(
    "E_ARGUMENT_INVALID",
    `${argument} ${JSON.stringify(given)} leads out of ${root}: stay inside it, or start the server with another TENSORPOOL_WORKDIR.`,
  );
}
