import { ParleyError } from "@parley/core";

/** A load specification taken apart. */
export interface LoadSpec {
  /** The name to serve it under, when the specification gives one. */
  readonly name?: string | undefined;
  /** Module specifiers to try, in order; the first that resolves is loaded. */
  readonly modules: readonly string[];
  /** The export to take; absent means the default export, or the only tool. */
  readonly export?: string | undefined;
}

const isTarget = (text: string): boolean => /[#./]/.test(text);

/**
 * Reads `./echo.ts#pancakes`, `@scope/pkg#name`, dotted `pkg.mod.func`, each optionally as `name=...`
 * (or `...=name`, when the right side can only be a name).
 * @throws `E_TOOL_LOAD`
 */
export function parseLoadSpec(spec: string): LoadSpec {
  const { name, target } = splitRename(spec.trim());
  const hash = target.indexOf("#");
  const module = hash === -1 ? target : target.slice(0, hash);
  const member = hash === -1 ? undefined : target.slice(hash + 1);
  if (module === "" || member === "") throw malformed(spec);
  if (/^[a-z][a-z0-9+.-]+:/i.test(module) && !module.startsWith("file:")) {
    throw new ParleyError(
      "E_TOOL_LOAD",
      `Cannot load ${spec}: only files and installed packages are loaded.`,
    );
  }
  const named = name === undefined ? {} : { name };
  if (member !== undefined) return { ...named, modules: [module], export: member };
  return { ...named, ...(isDotted(module) ? dotted(module) : { modules: [module] }) };
}

function splitRename(spec: string): { name?: string; target: string } {
  const equals = spec.indexOf("=");
  if (equals === -1) return { target: spec };
  const left = spec.slice(0, equals);
  const right = spec.slice(equals + 1);
  if (isTarget(left) && !isTarget(right)) return { name: right, target: left };
  return /^[./]/.test(left) ? { target: spec } : { name: left, target: right };
}

function isDotted(module: string): boolean {
  return /^[A-Za-z_$][\w$-]*(\.[A-Za-z_$][\w$]*)+$/.test(module) && !/\.(?:[cm]?[jt]sx?)$/.test(module);
}

/** `pkg.mod.func`: export `func` of the package path `pkg/mod`, or of the file `./pkg/mod`. */
function dotted(path: string): LoadSpec {
  const parts = path.split(".");
  const module = parts.slice(0, -1).join("/");
  return { modules: [module, `./${module}`], export: parts.at(-1) };
}

function malformed(spec: string): ParleyError {
  return new ParleyError(
    "E_TOOL_LOAD",
    `Cannot load ${JSON.stringify(spec)}: write FILE#EXPORT, PACKAGE#EXPORT or package.module.function.`,
  );
}
