import { ParleyError } from "@parley/core";
import { type Tool, type ToolContext, defineTool, toolResult } from "@parley/tool-registry";
import { type Shared, openCall } from "./call.ts";
import { createProbeCache } from "./cli/capabilities.ts";
import { type LeaseKeeper, createLeaseKeeper } from "./lease-keeper.ts";
import type { OperationEntry } from "./operation.ts";
import { tensorPoolOperations } from "./operations.ts";
import type { TensorPoolOptions } from "./options.ts";
import { type Toolset, toolsets } from "./toolsets.ts";

/** Options of {@link createTensorPool}. */
export interface TensorPoolToolkitOptions extends TensorPoolOptions {
  /** Put before each tool's name, where two adapters would collide; default none. */
  readonly prefix?: string | undefined;
  /** Groups of tools to serve; default `clusters`, `jobs` and `account`. */
  readonly toolsets?: readonly Toolset[] | undefined;
  /** Names of the tools to serve, of any group and without the prefix, instead of whole groups. */
  readonly tools?: readonly string[] | undefined;
  /** Serves only what changes nothing; default false. */
  readonly readOnly?: boolean | undefined;
  /** Told in one sentence of what the leases did; default nobody. */
  readonly notice?: ((sentence: string) => void) | undefined;
  /** Calls back after `ms` and returns how to call that off; default a timer. */
  readonly schedule?: ((ms: number, then: () => void) => () => void) | undefined;
}

/** What {@link createTensorPool} offers to a registry: `registry.replace(origin, toolkit)`. */
export interface TensorPoolToolkit {
  readonly origin: string;
  readonly tools: readonly Tool[];
  readonly operations: readonly OperationEntry[];
  /** Begins to destroy clusters at the end of their leases, those of former processes included. */
  keepLeases(): void;
  /** Ends the keeping of leases. Safe to call twice. */
  close(): Promise<void>;
}

/** The groups served when none are named. */
export const defaultToolsets: readonly Toolset[] = ["clusters", "jobs", "account"];

/** The ten tools of the Python server. */
export const pythonServerTools: readonly string[] = [
  "cluster_create",
  "cluster_list",
  "cluster_info",
  "cluster_destroy",
  "job_write_config",
  "job_push",
  "job_list",
  "job_info",
  "job_pull",
  "job_cancel",
];

/**
 * TensorPool as tools. Nothing is read, run or connected until a tool is called; leases are kept from the first call
 * that changes one, or from `keepLeases`.
 * @throws `E_CONFIG_INVALID` for a tool or toolset there is not
 */
export function createTensorPool(options: TensorPoolToolkitOptions = {}): TensorPoolToolkit {
  const { prefix = "", readOnly = false, notice = () => undefined, schedule } = options;
  const wanted = chooseNames(options);
  const operations = tensorPoolOperations.filter(
    ({ name, annotations }) => wanted.has(name) && (!readOnly || annotations.readOnlyHint === true),
  );
  const probes = createProbeCache();
  const keeper: LeaseKeeper = createLeaseKeeper({
    open: (signal) => openCall({ ...options, signal }, { probes }),
    notice,
    schedule,
  });
  const shared: Shared = { probes, changed: () => keeper.wake() };
  return {
    origin: "@parley/tensorpool",
    tools: operations.map((entry) => asTool({ options, shared, prefix }, entry)),
    operations,
    keepLeases: () => keeper.wake(),
    close: () => keeper.close(),
  };
}

/** The names of the tools asked for, by name or by group. */
function chooseNames(options: TensorPoolToolkitOptions): ReadonlySet<string> {
  if (options.tools !== undefined) {
    const known = tensorPoolOperations.map(({ name }) => name);
    checkKnown("tool", options.tools, known);
    return new Set(options.tools);
  }
  const groups = options.toolsets ?? defaultToolsets;
  checkKnown("toolset", groups, toolsets);
  return new Set(
    tensorPoolOperations.filter(({ toolset }) => groups.includes(toolset)).map(({ name }) => name),
  );
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
  readonly options: TensorPoolToolkitOptions;
  readonly shared: Shared;
  readonly prefix: string;
}

function asTool({ options, shared, prefix }: Served, entry: OperationEntry): Tool {
  return defineTool({
    name: prefix + entry.name,
    description: entry.description,
    input: entry.input,
    output: entry.output,
    annotations: entry.annotations,
    tags: [entry.toolset],
    scope: entry.scope,
    ...(entry.long ? { task: "optional" as const } : {}),
    async handler(args: unknown, context: ToolContext) {
      const progress: ToolContext["progress"] = (...said) => context.progress(...said);
      const call = openCall({ ...options, signal: context.signal, progress }, shared);
      return toolResult(await entry.call(args, call));
    },
  });
}
