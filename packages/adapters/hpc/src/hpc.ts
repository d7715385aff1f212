import { chooseOperations } from "@parley/tool-registry";
import type { EventSource, Prompt, Tool } from "@parley/tool-registry";
import { kubernetesEvents } from "./kubernetes/events.ts";
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
  /** Sources of events, of the toolsets that are served. */
  readonly events: readonly EventSource[];
  /** The operations behind the tools. */
  readonly operations: readonly OperationEntry[];
}

const all = hpcOperations.map(({ toolset, name }) => ({ toolset, names: [name] }));

/**
 * The tools of an HPC site. Nothing is read or run until a tool is called.
 * @throws `E_CONFIG_INVALID` for a tool or toolset there is not
 */
export function createHpc(options: HpcToolkitOptions = {}): HpcToolkit {
  const { prefix = "", readOnly = false } = options;
  const { toolsets: groups = defaultToolsets, tools: named } = options;
  const wanted = chooseOperations({ toolsets: groups, tools: named }, { toolsets, operations: all });
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
    events: names.has("kubectl_get") ? [kubernetesEvents(options, prefix)] : [],
    operations,
  };
}
