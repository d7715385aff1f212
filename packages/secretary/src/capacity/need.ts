import { bytesPerGib } from "@parley/core";
import type { JobRequirements } from "@parley/core";

type Gpu = NonNullable<JobRequirements["gpu"]>;

/** What a job asks of nodes, in one unit each. Absent means nothing is asked. */
export interface CapacityNeed {
  readonly minNodes: number;
  readonly maxNodes?: number | undefined;
  /** Cores of the whole job. */
  readonly cores?: number | undefined;
  readonly coresPerNode?: number | undefined;
  readonly gpus?: number | undefined;
  readonly gpusPerNode?: number | undefined;
  readonly memoryBytes?: number | undefined;
  readonly memoryBytesPerNode?: number | undefined;
  readonly models: readonly string[];
  readonly vendor?: Gpu["vendor"];
  readonly vramBytes?: number | undefined;
  readonly arch?: string | undefined;
  readonly allAvailable: boolean;
  /** Whether the job wants nodes with nothing else on them. */
  readonly wholeNodes: boolean;
}

const runtimeVendors = { cuda: "nvidia", rocm: "amd", oneapi: "intel" } as const;

/** Whether GPUs decide where the job fits; optional and preferred ones only raise the score. */
function needsGpu(gpu: Gpu | undefined): boolean {
  return gpu?.need === "required" && (gpu.importance ?? "required") === "required";
}

/** Turns a request into what its nodes must have. */
export function capacityNeed(requirements: JobRequirements): CapacityNeed {
  const compute = requirements.compute ?? {};
  const gpu = needsGpu(requirements.gpu) ? requirements.gpu : undefined;
  const tasks = compute.tasks?.min;
  const { cores, coresPerNode } = coreNeed(compute);
  const asked = nodeBounds(compute);
  const shares = cores !== undefined || coresPerNode !== undefined || requirements.gpu !== undefined;
  return {
    ...asked,
    cores,
    coresPerNode,
    ...gpuNeed(gpu, { tasks, tasksPerNode: compute.tasksPerNode?.min }),
    ...memoryNeed(requirements, { cores, coresPerNode, tasks }),
    arch: requirements.platform?.arch,
    allAvailable: compute.allAvailable ?? false,
    wholeNodes: compute.exclusive === true || (compute.nodes !== undefined && !shares),
  };
}

function coreNeed(
  compute: NonNullable<JobRequirements["compute"]>,
): Pick<CapacityNeed, "cores" | "coresPerNode"> {
  const perTask = compute.coresPerTask ?? 1;
  return {
    cores: largest(compute.cores?.min, product(compute.tasks?.min, perTask)),
    coresPerNode: largest(
      compute.coresPerNode?.min,
      product(compute.tasksPerNode?.min, perTask),
      compute.coresPerTask,
    ),
  };
}

function nodeBounds(
  compute: NonNullable<JobRequirements["compute"]>,
): Pick<CapacityNeed, "minNodes" | "maxNodes"> {
  if (compute.span === "single-node") return { minNodes: 1, maxNodes: 1 };
  const minNodes = Math.max(compute.nodes?.min ?? 1, compute.span === "multi-node" ? 2 : 1);
  const tasks = compute.tasks?.min;
  const perNode = compute.tasksPerNode?.max;
  const spread = tasks !== undefined && perNode !== undefined ? Math.ceil(tasks / perNode) : 1;
  return { minNodes: Math.max(minNodes, spread), maxNodes: compute.nodes?.max };
}

function gpuNeed(
  gpu: Gpu | undefined,
  job: { readonly tasks: number | undefined; readonly tasksPerNode: number | undefined },
): Pick<CapacityNeed, "gpus" | "gpusPerNode" | "models" | "vendor" | "vramBytes"> {
  if (gpu === undefined) return { models: [] };
  const each = gpu.perTask?.min;
  const perNode = largest(
    gpu.perNode?.min,
    each === undefined ? undefined : each * (job.tasksPerNode ?? 1),
    1,
  );
  return {
    gpus: largest(
      gpu.total?.min,
      each === undefined || job.tasks === undefined ? undefined : each * job.tasks,
    ),
    gpusPerNode: perNode,
    models: gpu.models ?? [],
    vendor: gpu.vendor ?? (gpu.runtime === undefined ? undefined : runtimeVendors[gpu.runtime]),
    vramBytes: gpu.vramGb === undefined ? undefined : gpu.vramGb * bytesPerGib,
  };
}

function memoryNeed(
  requirements: JobRequirements,
  job: {
    readonly cores: number | undefined;
    readonly coresPerNode: number | undefined;
    readonly tasks: number | undefined;
  },
): Pick<CapacityNeed, "memoryBytes" | "memoryBytesPerNode"> {
  const { totalGb, perNodeGb, perTaskGb, perCoreGb } = requirements.memory ?? {};
  const tasksPerNode = requirements.compute?.tasksPerNode?.min ?? 1;
  const total = largest(totalGb, product(perTaskGb, job.tasks), product(perCoreGb, job.cores));
  const perNode = largest(
    perNodeGb,
    product(perTaskGb, tasksPerNode),
    product(perCoreGb, job.coresPerNode ?? 1),
  );
  return {
    memoryBytes: product(total, bytesPerGib),
    memoryBytesPerNode: product(perNode, bytesPerGib),
  };
}

function product(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? undefined : left * right;
}

function largest(...values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
