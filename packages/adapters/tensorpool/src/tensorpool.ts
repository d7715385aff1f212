import { type Tool, chooseOperations, operationTool } from "@parley/tool-registry";
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

const all = tensorPoolOperations.map(({ toolset, name }) => ({ toolset, names: [name] }));

/**
 * TensorPool as tools. Nothing is read, run or connected until a tool is called; leases are kept from the first call
 * that changes one, or from `keepLeases`.
 * @throws `E_CONFIG_INVALID` for a tool or toolset there is not
 */
export function createTensorPool(options: TensorPoolToolkitOptions = {}): TensorPoolToolkit {
  const { prefix = "", readOnly = false, notice = () => undefined, schedule } = options;
  const { toolsets: groups = defaultToolsets, tools: named } = options;
  const wanted = chooseOperations({ toolsets: groups, tools: named }, { toolsets, operations: all });
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
    tools: operations.map((entry) =>
      operationTool(entry, { prefix, open: (context) => openCall({ ...options, ...context }, shared) }),
    ),
    operations,
    keepLeases: () => keeper.wake(),
    close: () => keeper.close(),
  };
}
