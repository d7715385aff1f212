import { ParleyError } from "@parley/core";
import { realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";
import type { Call } from "../call.ts";

/** A folder that may be touched: as the operator wrote it, and where it really is. */
export interface Root {
  readonly given: string;
  readonly real: string;
}

/** The folders of the operator; empty when there are none. @throws `E_CONFIG_INVALID` for one that is not absolute */
export function configuredRoots({ options, env }: Call): readonly string[] {
  const given = options.roots ?? (env["HPC_ROOTS"] ?? "").split(":").filter((root) => root !== "");
  const odd = given.find((root) => !isAbsolute(root));
  if (odd === undefined) return given;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `The root ${JSON.stringify(odd.slice(0, 200))} is not absolute: correct HPC_ROOTS.`,
  );
}

/** Where the roots really are; those that do not exist are left out. */
export async function realRoots(given: readonly string[]): Promise<readonly Root[]> {
  const found = await Promise.all(
    given.map(async (root) => {
      const real = await realpath(root).catch(() => undefined);
      return real === undefined ? [] : [{ given: resolve(root), real }];
    }),
  );
  return found.flat();
}

/** The roots of a call to the file tools. @throws `E_CONFIG_INVALID` when there are none */
export async function rootsOf(call: Call): Promise<readonly [Root, ...Root[]]> {
  const [first, ...rest] = await realRoots(configuredRoots(call));
  if (first !== undefined) return [first, ...rest];
  throw new ParleyError(
    "E_CONFIG_INVALID",
    "No folder is open to the file tools: set HPC_ROOTS to folders that exist, such as /home/ada/project:/scratch/ada.",
  );
}

/** Whether a path is a folder or something in it. Both are absolute. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith("../") && !isAbsolute(way));
}

/** @throws `E_PATH_FORBIDDEN` */
export function forbidden(path: string): never {
  throw new ParleyError(
    "E_PATH_FORBIDDEN",
    `${JSON.stringify(path.slice(0, 300))} is outside the folders of HPC_ROOTS; ask the operator to open its folder.`,
  );
}
