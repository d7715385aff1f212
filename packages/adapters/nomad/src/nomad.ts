import { chooseOperations, operationTool } from "@parley/tool-registry";
import type { EventSource, Prompt, Tool } from "@parley/tool-registry";
import { openCall } from "./call.ts";
import { createClient } from "./client.ts";
import { nomadEvents } from "./event-source.ts";
import type { OperationEntry } from "./operation.ts";
import { nomadOperations } from "./operations.ts";
import type { NomadOptions } from "./options.ts";
import { nomadPrompts } from "./prompts.ts";
import { type Toolset, toolsets } from "./toolsets.ts";

/** Options of {@link createNomad}. */
export interface NomadToolkitOptions extends NomadOptions {
  /** Put before each tool's and prompt's name, where two adapters would collide; default none. */
  readonly prefix?: string | undefined;
  /** Groups of tools to serve; default `jobs`, `logs`, `configs` and `repositories`. */
  readonly toolsets?: readonly Toolset[] | undefined;
  /** Names of the tools to serve, of any group and without the prefix, instead of whole groups. */
  readonly tools?: readonly string[] | undefined;
  /** Serves only what changes nothing; default false. */
  readonly readOnly?: boolean | undefined;
  /** Whether calls that wait may become MCP tasks, for which a server adds tools of its own; default true. */
  readonly tasks?: boolean | undefined;
}

/** What {@link createNomad} offers to a registry: `registry.replace(origin, toolkit)`. */
export interface NomadToolkit {
  readonly origin: string;
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  /** The event stream, where `read_events` is served too. */
  readonly events: readonly EventSource[];
  /** The operations behind the tools, for a REST face. */
  readonly operations: readonly OperationEntry[];
  /** Ends the connections kept. Safe to call twice. */
  close(): Promise<void>;
}

/** The groups served when none are named. */
export const defaultToolsets: readonly Toolset[] = ["jobs", "logs", "configs", "repositories"];

/** The ten tools of a small server: enough to submit, watch, debug and retry. */
export const standaloneTools: readonly string[] = [
  "list_nomad_jobs",
  "get_job_status",
  "stop_job",
  "restart_job",
  "create_job",
  "submit_job_file",
  "get_job_logs",
  "get_allocation_status",
  "get_job_evaluations",
  "force_evaluate_job",
];

const namesOf = ({ name, aliases }: OperationEntry): readonly string[] => [name, ...aliases];

const all = nomadOperations.map((entry) => ({ toolset: entry.toolset, names: namesOf(entry) }));

/**
 * Nomad as tools. Nothing is read or connected until a tool is called.
 * @throws `E_CONFIG_INVALID` for a tool or toolset there is not
 */
export function createNomad(options: NomadToolkitOptions = {}): NomadToolkit {
  const { prefix = "", readOnly = false } = options;
  const { toolsets: groups = defaultToolsets, tools: named, tasks } = options;
  const wanted = chooseOperations({ toolsets: groups, tools: named }, { toolsets, operations: all });
  const operations = nomadOperations.filter(
    (entry) =>
      namesOf(entry).some((name) => wanted.has(name)) &&
      (!readOnly || entry.annotations.readOnlyHint === true),
  );
  const nomad = createClient(options);
  const tools = operations.flatMap((entry) =>
    namesOf(entry)
      .filter((name) => wanted.has(name))
      .map((name) =>
        operationTool(entry, {
          prefix,
          name,
          tasks,
          open: (context) => openCall({ ...options, ...context }, nomad),
        }),
      ),
  );
  const names = new Set(tools.map(({ name }) => name));
  return {
    origin: "@parley/nomad",
    tools,
    prompts: nomadPrompts(prefix)
      .filter(({ needs }) => needs.every((name) => names.has(prefix + name)))
      .map(({ prompt }) => prompt),
    events: names.has(`${prefix}read_events`) ? [nomadEvents(options, nomad)] : [],
    operations,
    close: () => nomad.close(),
  };
}
