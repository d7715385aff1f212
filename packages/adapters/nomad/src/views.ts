import { z } from "zod";
import type { Deployment, JobStub, JobSummary, Node } from "./answers.ts";
import { nanosecondTime } from "./times.ts";

/** Allocations of a job per state, over its groups. */
const Counts = z.record(z.string(), z.number());

/** Sums a summary's groups; states nobody is in are left out. */
function sumCounts(summary: JobSummary | null | undefined): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const group of Object.values(summary?.Summary ?? {})) {
    for (const [state, count] of Object.entries(group)) {
      if (count > 0) sums[state.toLowerCase()] = (sums[state.toLowerCase()] ?? 0) + count;
    }
  }
  return sums;
}

/** A job in a list. `status` is Nomad's own word: `dead` says nothing about success. */
export const JobRow = z.object({
  job_id: z.string(),
  namespace: z.string(),
  type: z.string(),
  status: z.string(),
  stopped: z.boolean(),
  priority: z.number(),
  template: z.boolean(),
  parent_id: z.string().optional(),
  submitted_at: z.string().optional(),
  allocations: Counts,
});
export type JobRow = z.infer<typeof JobRow>;

/** Shows a job of a list. */
export function viewJobStub(stub: z.output<typeof JobStub>): JobRow {
  const submitted = nanosecondTime(stub.SubmitTime);
  return {
    job_id: stub.ID,
    namespace: stub.Namespace,
    type: stub.Type,
    status: stub.Status,
    stopped: stub.Stop,
    priority: stub.Priority,
    template: stub.ParentID === "" && (stub.Periodic || stub.ParameterizedJob),
    ...(stub.ParentID === "" ? {} : { parent_id: stub.ParentID }),
    ...(submitted === undefined ? {} : { submitted_at: submitted }),
    allocations: sumCounts(stub.JobSummary),
  };
}

/** A deployment as the tools show it. */
export const DeploymentView = z.object({
  deployment_id: z.string(),
  job_id: z.string(),
  job_version: z.number(),
  namespace: z.string(),
  status: z.string(),
  description: z.string(),
  groups: z.record(
    z.string(),
    z.object({
      desired: z.number(),
      canaries: z.number(),
      placed: z.number(),
      healthy: z.number(),
      unhealthy: z.number(),
      promoted: z.boolean(),
    }),
  ),
});
export type DeploymentView = z.infer<typeof DeploymentView>;

/** Shows a deployment. */
export function viewDeployment(deployment: Deployment): DeploymentView {
  const groups = Object.entries(deployment.TaskGroups).map(([name, group]) => [
    name,
    {
      desired: group.DesiredTotal,
      canaries: group.DesiredCanaries,
      placed: group.PlacedAllocs,
      healthy: group.HealthyAllocs,
      unhealthy: group.UnhealthyAllocs,
      promoted: group.Promoted,
    },
  ]);
  return {
    deployment_id: deployment.ID,
    job_id: deployment.JobID,
    job_version: deployment.JobVersion,
    namespace: deployment.Namespace,
    status: deployment.Status,
    description: deployment.StatusDescription,
    groups: Object.fromEntries(groups),
  };
}

/** One line on a deployment. */
export function sayDeployment({ deployment_id, job_id, status, description }: DeploymentView): string {
  return `${deployment_id.slice(0, 8)} of ${job_id}: ${status}${description === "" ? "" : ` (${description})`}`;
}

/** A node as the tools show it. */
export const NodeView = z.object({
  node_id: z.string(),
  name: z.string(),
  datacenter: z.string(),
  node_class: z.string(),
  node_pool: z.string(),
  status: z.string(),
  eligible: z.boolean(),
  draining: z.boolean(),
  version: z.string(),
  /** Drivers that work. */
  drivers: z.array(z.string()),
  cpu_mhz: z.number().optional(),
  memory_bytes: z.number().optional(),
  disk_bytes: z.number().optional(),
  /** Such as GPUs: how many of `vendor/type/name`. */
  devices: z.record(z.string(), z.number()),
});
export type NodeView = z.infer<typeof NodeView>;

const bytesPerMib = 1_048_576;

/** Shows a node. */
export function viewNode(node: Node): NodeView {
  const { Cpu, Memory, Disk, Devices = [] } = node.NodeResources ?? {};
  const drivers = Object.entries(node.Drivers).filter(([, { Detected, Healthy }]) => Detected && Healthy);
  return {
    node_id: node.ID,
    name: node.Name,
    datacenter: node.Datacenter,
    node_class: node.NodeClass,
    node_pool: node.NodePool,
    status: node.Status,
    eligible: node.SchedulingEligibility === "eligible",
    draining: node.Drain,
    version: node.Version || (node.Attributes["nomad.version"] ?? ""),
    drivers: drivers.map(([name]) => name).toSorted(),
    ...(Cpu ? { cpu_mhz: Cpu.CpuShares } : {}),
    ...(Memory ? { memory_bytes: Memory.MemoryMB * bytesPerMib } : {}),
    ...(Disk ? { disk_bytes: Disk.DiskMB * bytesPerMib } : {}),
    devices: Object.fromEntries(
      Devices.map(({ Vendor, Type, Name, Instances }) => [`${Vendor}/${Type}/${Name}`, Instances.length]),
    ),
  };
}

/** One line on a node. */
export function sayNode(node: NodeView): string {
  const states = [
    node.status,
    node.eligible ? "eligible" : "ineligible",
    ...(node.draining ? ["draining"] : []),
  ];
  return `${node.node_id.slice(0, 8)} ${node.name} (${node.datacenter}): ${states.join(", ")}; drivers ${node.drivers.join(" ")}`;
}

/** Lines, with what to pass for the rest. */
export function sayPage(lines: readonly string[], nextToken: string | undefined): string {
  const shown = lines.length === 0 ? ["(none)"] : lines;
  return [
    ...shown,
    ...(nextToken === undefined ? [] : [`More with next_token ${JSON.stringify(nextToken)}.`]),
  ].join("\n");
}
