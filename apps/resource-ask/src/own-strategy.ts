import { ParleyError } from "@parley/core";
import * as selection from "@parley/selection";
import type { Strategy, StrategyDefinition } from "@parley/selection";
import { loadModule } from "@parley/tool-registry";

/** Whether a strategy's name is a file or a package: `./mine.ts#name`, `@scope/package#name`. */
export function isOwnStrategy(name: string): boolean {
  return name.includes("#") || /^(\.{0,2}\/|file:)/.test(name);
}

/**
 * Loads a strategy somebody wrote: what `defineStrategy` made, or a definition of one.
 * @throws {@link ParleyError} `E_TOOL_LOAD` for the module, `E_SELECT_UNKNOWN` for what it exports
 */
export async function loadStrategy(spec: string): Promise<Strategy> {
  const cut = spec.lastIndexOf("#");
  const path = cut === -1 ? spec : spec.slice(0, cut);
  const wanted = cut === -1 ? undefined : spec.slice(cut + 1);
  const module = await loadModule(path, { provide: { "@parley/selection": { ...selection } } });
  const fitting = Object.entries(module).filter(([, value]) => isStrategy(value) || isDefinition(value));
  const named = fitting.filter(([key, value]) => key === wanted || nameOf(value) === wanted);
  const [found] = wanted === undefined && fitting.length === 1 ? fitting : named;
  const value = found?.[1];
  if (isStrategy(value)) return value;
  if (isDefinition(value)) return selection.defineStrategy(value);
  const names = fitting.map(([key]) => key);
  const there = names.length === 0 ? "none" : names.slice(0, 20).join(", ");
  throw new ParleyError(
    "E_SELECT_UNKNOWN",
    `${path} exports no strategy${wanted === undefined ? " alone" : ` "${wanted}"`}; it exports ${there}: write FILE#NAME.`,
  );
}

function isStrategy(value: unknown): value is Strategy {
  return isNamed(value) && "select" in value && typeof value.select === "function";
}

function isDefinition(value: unknown): value is StrategyDefinition {
  return isNamed(value) && "rank" in value && typeof value.rank === "function";
}

function isNamed(value: unknown): value is { readonly name: string } {
  return typeof value === "object" && value !== null && "name" in value && typeof value.name === "string";
}

function nameOf(value: unknown): string | undefined {
  return isNamed(value) ? value.name : undefined;
}
