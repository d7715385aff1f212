import { ParleyError } from "@parley/core";
import { type LoadOptions, loadModule } from "./load-module.ts";
import { parseLoadSpec } from "./load-spec.ts";
import { describeValue } from "./recognise.ts";

/** An export that a specification names. */
export interface FoundExport {
  /** The name to serve it under, when the specification gives one. */
  readonly name?: string | undefined;
  readonly exported: string;
  readonly value: unknown;
}

/** What {@link loadExport} looks for. */
export interface ExportSearch {
  readonly fits: (value: unknown) => boolean;
  /** Asked for what a specification names and the module does not export. */
  readonly otherwise?:
    | ((module: Readonly<Record<string, unknown>>, name: string) => Promise<unknown>)
    | undefined;
}

/**
 * Takes the export a specification names, else the default export or the only one that fits.
 * @throws `E_TOOL_LOAD`
 */
export async function loadExport(
  spec: string,
  options: LoadOptions,
  { fits, otherwise }: ExportSearch,
): Promise<FoundExport> {
  const parsed = parseLoadSpec(spec);
  const module = await loadModule(parsed.modules, options);
  const exported = parsed.export ?? onlyExport(module, fits);
  if (exported !== undefined && Object.hasOwn(module, exported)) {
    return { name: parsed.name, exported, value: module[exported] };
  }
  const made = exported === undefined ? undefined : await otherwise?.(module, exported);
  if (made !== undefined) return { name: parsed.name, exported: exported ?? "", value: made };
  const there = [...("default" in module ? ["default"] : []), ...exportNames(module)];
  const wanted = exported === undefined ? "no single export to take" : `no export "${exported}"`;
  const list = there.length === 0 ? "nothing" : there.slice(0, 20).join(", ");
  throw new ParleyError("E_TOOL_LOAD", `${spec} has ${wanted}; it exports ${list}. Write MODULE#EXPORT.`);
}

/** Names a module exports, without what CommonJS adds. */
export function exportNames(module: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(module).filter((key) => key !== "default" && key !== "module.exports");
}

/** The error for an export of another kind, naming what was found. */
export function notA(what: string, spec: string, value: unknown): ParleyError {
  return new ParleyError(
    "E_TOOL_LOAD",
    `${spec} is no ${what} but ${describeValue(value)}. Export one made by this package's define functions.`,
  );
}

function onlyExport(
  module: Readonly<Record<string, unknown>>,
  fits: (value: unknown) => boolean,
): string | undefined {
  if (fits(module["default"])) return "default";
  const candidates = exportNames(module).filter((key) => fits(module[key]));
  return candidates.length === 1 ? candidates[0] : undefined;
}
