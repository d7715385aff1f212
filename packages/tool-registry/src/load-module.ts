import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ParleyError } from "@parley/core";

/** Where modules are looked for. */
export interface LoadOptions {
  /** Folder that relative paths and package names start from; default the working directory. */
  readonly cwd?: string | undefined;
  /** Further folders to find packages from, after `cwd`: an app passes its own. */
  readonly searchFrom?: readonly string[] | undefined;
  /** Further modules of this process that TypeScript is given, by the name it imports them under. */
  readonly provide?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
}

const extensions = ["", ".ts", ".mts", ".js", ".mjs", ".cjs", "/index.ts", "/index.js"];

/**
 * Imports a module by path or package name. TypeScript goes through jiti and is given this process's own copies
 * of `@parley/core`, `@parley/tool-registry` and zod; JavaScript is imported as it is.
 * @throws `E_TOOL_LOAD`, with file and line where they are known
 */
export async function loadModule(
  specifier: string | readonly string[],
  options: LoadOptions = {},
): Promise<Readonly<Record<string, unknown>>> {
  const wanted = typeof specifier === "string" ? [specifier] : specifier;
  const file = await locateFirst(wanted, options);
  if (file === undefined) {
    const where = [options.cwd ?? process.cwd(), ...(options.searchFrom ?? [])].join(", ");
    throw new ParleyError("E_TOOL_LOAD", `Cannot find ${wanted.join(" or ")}; looked from ${where}.`);
  }
  try {
    return /\.[cm]?tsx?$/.test(file)
      ? await importTypeScript(file, options.provide)
      : await import(pathToFileURL(file).href);
  } catch (cause) {
    const reason = cause instanceof Error ? firstLine(cause.message) : String(cause);
    const place = placeOf(cause, file);
    throw new ParleyError("E_TOOL_LOAD", `Cannot load ${place}: ${reason}`, {
      cause,
      details: { file: place },
    });
  }
}

async function locateFirst(specifiers: readonly string[], options: LoadOptions): Promise<string | undefined> {
  for (const specifier of specifiers) {
    const found = await locate(specifier, options);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function locate(
  specifier: string,
  { cwd = process.cwd(), searchFrom = [] }: LoadOptions,
): Promise<string | undefined> {
  if (specifier.startsWith("file:")) return locateFile(fileURLToPath(specifier));
  if (/^\.{1,2}(\/|\\|$)/.test(specifier) || isAbsolute(specifier)) {
    return locateFile(resolve(cwd, specifier));
  }
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

async function importTypeScript(
  file: string,
  provide: LoadOptions["provide"] = {},
): Promise<Readonly<Record<string, unknown>>> {
  const [{ createJiti }, core, registry, zod] = await Promise.all([
    import("jiti"),
    import("@parley/core"),
    import("./index.ts"),
    import("zod"),
  ]);
  const virtualModules = { ...provide, "@parley/core": core, "@parley/tool-registry": registry, zod };
  return createJiti(import.meta.url, { virtualModules }).import(file);
}

/** `file:line:column` when the fault names one inside the file, else the file. */
function placeOf(cause: unknown, file: string): string {
  if (!(cause instanceof Error)) return file;
  const text = `${cause.message}\n${cause.stack ?? ""}`;
  for (const spelling of [file, pathToFileURL(file).href]) {
    const start = text.indexOf(`${spelling}:`);
    const numbers = start === -1 ? null : /^:\d+(:\d+)?/.exec(text.slice(start + spelling.length));
    if (numbers !== null) return file + numbers[0];
  }
  const inMessage = /\((\d+):(\d+)\)/.exec(cause.message);
  return inMessage === null ? file : `${file}:${inMessage[1]}:${inMessage[2]}`;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
