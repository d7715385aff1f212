import { ParleyError } from "@parley/core";
import type { Prompt, Tool } from "@parley/tool-registry";
import { type OperationEntry, asTool } from "./operation.ts";
import { hpcOperations } from "./operations.ts";
import type { HpcOptions } from "./options.ts";
import { hpcPersonas } from "./personas.ts";
import { type Toolset, defaultToolsets, toolsets } from "./toolsets.ts";

/** Options of {@link createHpc}. */
export interface HpcToolkitOptions extends HpcOptions {
  /** Put before each tool's and prompt's name, where two adapters would collide; default none. */
  readonly prefix?: string | undefined;
  /** Groups of tools to serve; default `slurm` and `system`. */
  readonly toolsets?: readonly Toolset[] | undefined;
  /** Names of the tools to serve, of any group and without the prefix, instead of whole groups. */
  readonly tools?: readonly string[] | undefined;
  /** Serves only what changes nothing; default false. */
  readonly readOnly?: boolean | undefined;
}

/** What {@link createHpc} offers to a registry: `registry.replace(origin, toolkit)`. */
export interface HpcToolkit {
  readonly origin: string;
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  /** The operations behind the tools. */
  readonly operations: readonly OperationEntry[];
}

/**
 * The tools of an HPC site. Nothing is read or run until a tool is called.
 * @throws `E_CONFIG_INVALID` for a tool or toolset there is not
 */
export function createHpc(options: HpcToolkitOptions = {}): HpcToolkit {
  const { prefix = "", readOnly = false } = options;
  const wanted = chooseNames(options);
  const operations = hpcOperations.filter(
    ({ name, annotations }) => wanted.has(name) && (!readOnly || annotations.readOnlyHint === true),
  );
  const kept = new Map<string, unknown>();
  const names = new Set(operations.map(({ name }) => name));
  return {
    origin: "@parley/hpc",
    tools: operations.map((entry) => asTool(entry, { prefix, options, kept })),
    prompts: hpcPersonas
      .filter(({ needs }) => needs.every((name) => names.has(name)))
      .map((entry) => entry.toPrompt(prefix)),
    operations,
  };
}

/** The names of the tools asked for, by name or by group. */
function chooseNames(options: HpcToolkitOptions): ReadonlySet<string> {
  if (options.tools !== undefined) {
    checkKnown(
      "tool",
      options.tools,
      hpcOperations.map(({ name }) => name),
    );
    return new Set(options.tools);
  }
  const groups = options.toolsets ?? defaultToolsets;
  checkKnown("toolset", groups, toolsets);
  return new Set(hpcOperations.flatMap(({ toolset, name }) => (groups.includes(toolset) ? [name] : [])));
}

function checkKnown(what: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `There is no ${what} ${unknown.join(", ")}; there are ${known.join(", ")}.`,
  );
}
