import { ParleyError } from "@parley/core";
import { type Prompt, type Tool, type ToolContext, defineTool, toolResult } from "@parley/tool-registry";
import { openCall } from "./call.ts";
import { type NomadClient, createClient } from "./client.ts";
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
}

/** What {@link createNomad} offers to a registry: `registry.replace(origin, toolkit)`. */
export interface NomadToolkit {
  readonly origin: string;
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
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

/**
 * Nomad as tools. Nothing is read or connected until a tool is called.
 * @throws `E_CONFIG_INVALID` for a tool or toolset there is not
 */
export function createNomad(options: NomadToolkitOptions = {}): NomadToolkit {
  const { prefix = "", readOnly = false } = options;
  const wanted = chooseNames(options);
  const operations = nomadOperations.filter(
    (entry) =>
      namesOf(entry).some((name) => wanted.has(name)) &&
      (!readOnly || entry.annotations.readOnlyHint === true),
  );
  const nomad = createClient(options);
  const served = { options, nomad, prefix };
  const tools = operations.flatMap((entry) =>
    namesOf(entry)
      .filter((name) => wanted.has(name))
      .map((name) => asTool(served, entry, name)),
  );
  const names = new Set(tools.map(({ name }) => name));
  return {
    origin: "@parley/nomad",
    tools,
    prompts: nomadPrompts(prefix)
      .filter(({ needs }) => needs.every((name) => names.has(prefix + name)))
      .map(({ prompt }) => prompt),
    operations,
    close: () => nomad.close(),
  };
}

const namesOf = ({ name, aliases }: OperationEntry): readonly string[] => [name, ...aliases];

/** The names of the tools asked for, by name or by group. */
function chooseNames(options: NomadToolkitOptions): ReadonlySet<string> {
  if (options.tools !== undefined) {
    checkKnown("tool", options.tools, nomadOperations.flatMap(namesOf));
    return new Set(options.tools);
  }
  const groups = options.toolsets ?? defaultToolsets;
  checkKnown("toolset", groups, toolsets);
  return new Set(nomadOperations.filter(({ toolset }) => groups.includes(toolset)).flatMap(namesOf));
}

function checkKnown(what: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `There is no ${what} ${unknown.join(", ")}; there are ${known.join(", ")}.`,
  );
}

interface Served {
  readonly options: NomadToolkitOptions;
  readonly nomad: NomadClient;
  readonly prefix: string;
}

function asTool({ options, nomad, prefix }: Served, entry: OperationEntry, name: string): Tool {
  return defineTool({
    name: prefix + name,
    description:
      name === entry.name ? entry.description : `${entry.description} The same as ${prefix}${entry.name}.`,
    input: entry.input,
    output: entry.output,
    annotations: entry.annotations,
    tags: [entry.toolset],
    scope: entry.scope,
    async handler(args: unknown, context: ToolContext) {
      const progress: ToolContext["progress"] = (...said) => context.progress(...said);
      return toolResult(
        await entry.call(args, openCall({ ...options, signal: context.signal, progress }, nomad)),
      );
    },
  });
}
