import type { Workload } from "@parley/core";
import type { Engine } from "@parley/engines";
import { z } from "zod";
import type { ProviderTool } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";
import { JobIdArgument, SubmitArguments, toJobSpec } from "./_arguments.ts";

/** What every workload provider offers, whatever its scheduler. */
export function workloadTools(engine: Engine): readonly ProviderTool[] {
  return [...observeTools(engine), submitTool(engine), ...jobTools(engine)];
}

function observeTools(engine: Engine): readonly ProviderTool[] {
  const { manager } = engine;
  return [
    defineProviderTool({
      name: "get_resource_status",
      description: `Nodes, cores and GPUs of ${manager}: how many there are, may be used, and are idle now.`,
      input: z.object({}),
      async handler(_args, options) {
        const workload = await engine.workload(options);
        const { status, reason, version, canSubmit, nodeGroups } = workload;
        return { status, reason, version, canSubmit, totals: totals(workload), nodeGroups };
      },
    }),
    defineProviderTool({
      name: "get_queue_status",
      description: `Queues of ${manager} with their limits in seconds and nodes, and how many jobs wait and run.`,
      input: z.object({}),
      async handler(_args, options) {
        const { status, reason, partitions, pendingJobs, runningJobs } = await engine.workload(options);
        return { status, reason, partitions, pendingJobs, runningJobs };
      },
    }),
  ];
}

function submitTool(engine: Engine): ProviderTool {
  return defineProviderTool({
    name: "submit_job",
    kind: "dispatch",
    description: `Submits a job to ${engine.manager}; answers with the scheduler's job id.`,
    input: SubmitArguments,
    async handler(args, options) {
      const { siteJobId, spec } = await engine.submit(toJobSpec(args), { ...options, tag: args.tag });
      return { job_id: siteJobId, spec };
    },
  });
}

function jobTools(engine: Engine): readonly ProviderTool[] {
  const { manager } = engine;
  return [
    defineProviderTool({
      name: "cancel_job",
      kind: "dispatch",
      description: `Asks ${manager} to end a job; a job that has ended already is no error.`,
      input: z.object({ job_id: JobIdArgument }),
      async handler({ job_id: jobId }, options) {
        await engine.cancel(jobId, options);
        return { job_id: jobId, requested: true };
      },
    }),
    defineProviderTool({
      name: "get_job_info",
      kind: "dispatch",
      description: `State, times, nodes and exit code of a job of ${manager}.`,
      input: z.object({ job_id: JobIdArgument }),
      handler: async ({ job_id: jobId }, options) => engine.status(jobId, options),
    }),
    defineProviderTool({
      name: "get_job_logs",
      kind: "dispatch",
      description: `Output of a job of ${manager}, from where an earlier answer ended.`,
      input: z.object({
        job_id: JobIdArgument,
        stream: z.enum(["stdout", "stderr"]).default("stdout").describe("Which output, such as stdout"),
        cursor: z
          .string()
          .max(256)
          .optional()
          .describe("cursor of the earlier answer; absent starts at the beginning"),
      }),
      handler: async ({ job_id: jobId, stream, cursor }, options) =>
        engine.logs(jobId, { ...options, stream, cursor }),
    }),
  ];
}

function totals({ nodeGroups }: Workload): Record<string, number> {
  const sum = (count: (group: Workload["nodeGroups"][number]) => number): number =>
    nodeGroups.reduce((total, group) => total + count(group), 0);
  return {
    nodes: sum((group) => group.nodes),
    availableNodes: sum((group) => group.availableNodes),
    idleNodes: sum((group) => group.idleNodes),
    cores: sum((group) => group.nodes * group.coresPerNode),
    idleCores: sum((group) => group.idleCores),
    gpus: sum((group) => group.nodes * group.gpusPerNode),
  };
}
