import { ParleyError } from "@parley/core";
import type { Prompt, Tool } from "@parley/tool-registry";
import { toolOf } from "./operation.ts";
import { fluxOperations } from "./operations.ts";
import type { FluxOptions } from "./options.ts";
import { fluxPrompts } from "./prompts.ts";
import { toolsets } from "./toolsets.ts";
import type { Toolset } from "./toolsets.ts";

/** Options of {@link createFlux}. */
export interface FluxToolkitOptions extends FluxOptions {
  /** Put before each tool's and prompt's name, where two adapters would collide; default none. */
  readonly prefix?: string | undefined;
  /** Groups of tools to serve; default `jobs`, `site` and `translate`. */
  readonly toolsets?: readonly Toolset[] | undefined;
  /** Names of the tools to serve, of any group and without the prefix, instead of whole groups. */
  readonly tools?: readonly string[] | undefined;
  /** Serves only what changes nothing; default false. */
  readonly readOnly?: boolean | undefined;
}

/** What {@link createFlux} offers to a registry: `registry.replace(origin, toolkit)`. */
export interface FluxToolkit {
  readonly origin: string;
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
}

/** The groups served when none are named: a dozen tools. */
export const defaultToolsets: readonly Toolset[] = ["jobs", "site", "translate"];

/**
 * Flux as tools. Nothing is read or run until a tool is called.
 * @throws `E_CONFIG_INVALID` for a tool or toolset there is not
 */
export function createFlux(options: FluxToolkitOptions = {}): FluxToolkit {
  const { prefix = "", readOnly = false } = options;
  const wanted = chooseNames(options);
  const entries = fluxOperations.filter(
    ({ name, annotations }) => wanted.has(name) && (!readOnly || annotations.readOnlyHint === true),
  );
  const served = new Set(entries.map(({ name }) => name));
  return {
    origin: "@parley/flux",
    tools: entries.map((entry) => toolOf(entry, options, prefix)),
    prompts: fluxPrompts(prefix)
      .filter(({ needs }) => needs.every((name) => served.has(name)))
      .map(({ prompt }) => prompt),
  };
}

/** The names of the tools asked for, by name or by group. */
function chooseNames(options: FluxToolkitOptions): ReadonlySet<string> {
  if (options.tools !== undefined) {
    checkKnown(
      "tool",
      options.tools,
      fluxOperations.map(({ name }) => name),
    );
    return new Set(options.tools);
  }
  const groups = options.toolsets ?? defaultToolsets;
  checkKnown("toolset", groups, toolsets);
  return new Set(fluxOperations.filter(({ toolset }) => groups.includes(toolset)).map(({ name }) => name));
}

function checkKnown(what: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `There is no ${what} ${unknown.join(", ")}; there are ${known.join(", ")}.`,
  );
}
