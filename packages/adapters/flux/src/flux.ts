import { chooseOperations } from "@parley/tool-registry";
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

const all = fluxOperations.map(({ toolset, name }) => ({ toolset, names: [name] }));

/**
 * Flux as tools. Nothing is read or run until a tool is called.
 * @throws `E_CONFIG_INVALID` for a tool or toolset there is not
 */
export function createFlux(options: FluxToolkitOptions = {}): FluxToolkit {
  const { prefix = "", readOnly = false } = options;
  const { toolsets: groups = defaultToolsets, tools: named } = options;
  const wanted = chooseOperations({ toolsets: groups, tools: named }, { toolsets, operations: all });
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
