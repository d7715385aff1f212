import { ParleyError } from "@parley/core";
import { which } from "@parley/exec";
import { realpath } from "node:fs/promises";
import { basename, isAbsolute, normalize } from "node:path";

const clean = (path: string): boolean => isAbsolute(path) && normalize(path) === path && !path.endsWith("/");

async function target(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    return undefined;
  }
}

/**
 * The absolute path of a program the operator allowed. It is allowed under the path an entry resolves to, or
 * under another path of the same name and the same file (`/bin/echo`, `/usr/bin/echo`). A link of another name
 * is not: one file may be many programs.
 * @throws {@link ParleyError} `E_ENGINE_REFUSED`
 */
export async function resolveProgram(name: string, allow: readonly string[], path: string): Promise<string> {
  const refuse = (why: string): ParleyError =>
    new ParleyError(
      "E_ENGINE_REFUSED",
      `This machine does not run ${JSON.stringify(name.slice(0, 200))}: ${why} Allowed: ${allow.join(", ") || "nothing"}; the operator allows more with --local-allow.`,
      { details: { program: name.slice(0, 200), allow } },
    );
  if (name.includes("/") && !clean(name)) throw refuse("a path has to be absolute and without '.' or '..'.");
  const program = await which(name, path);
  if (program === undefined) throw refuse("there is no such program.");
  const real = await target(program);
  for (const entry of allow) {
    const allowed = entry.includes("/") && !clean(entry) ? undefined : await which(entry, path);
    if (allowed === undefined) continue;
    if (allowed === program) return program;
    if (basename(allowed) === basename(program) && real !== undefined && (await target(allowed)) === real) {
      return program;
    }
  }
  throw refuse("it is not on the list.");
}
