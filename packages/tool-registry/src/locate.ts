import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { LoadOptions } from "./load-module.ts";

const extensions = ["", ".ts", ".mts", ".js", ".mjs", ".cjs", "/index.ts", "/index.js"];

/** The file of the first specifier that resolves: a path, or the name of an installed package. */
export async function locateFirst(
  specifiers: readonly string[],
  options: LoadOptions,
): Promise<string | undefined> {
  for (const specifier of specifiers) {
    const found = await locate(specifier, options);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a specifier names a file rather than a package. */
export function isPath(specifier: string): boolean {
  return specifier.startsWith("file:") || /^\.{1,2}(\/|\\|$)/.test(specifier) || isAbsolute(specifier);
}

async function locate(
  specifier: string,
  { cwd = process.cwd(), searchFrom = [] }: LoadOptions,
): Promise<string | undefined> {
  if (specifier.startsWith("file:")) return locateFile(fileURLToPath(specifier));
  if (isPath(specifier)) return locateFile(resolve(cwd, specifier));
  for (const folder of [cwd, ...searchFrom]) {
    const found = await locatePackage(specifier, resolve(folder, "_"));
    // A builtin of Node resolves to its bare name.
    if (found !== undefined && isAbsolute(found)) return found;
  }
  return undefined;
}

async function locatePackage(specifier: string, parent: string): Promise<string | undefined> {
  try {
    return createRequire(parent).resolve(specifier);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) return undefined;
    if (error.code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") return undefined;
  }
  // Installed, but exported to `import` alone, which `require.resolve` does not look at.
  const { createJiti } = await import("jiti");
  const found = createJiti(parent).esmResolve(specifier, { try: true });
  return found === undefined ? undefined : found.startsWith("file:") ? fileURLToPath(found) : found;
}

function locateFile(path: string): string | undefined {
  return extensions
    .map((extension) => path + extension)
    .find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
}
