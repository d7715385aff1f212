import { isTerminal } from "@parley/core";
import type { Job } from "@parley/core";
import { defineTool, toolResult } from "@parley/tool-registry";
import type { Tool, ToolContext } from "@parley/tool-registry";
import { z } from "zod";
import type { DispatchResult } from "../submission.ts";
import type { Operations } from "../operations.ts";
import { dispatchView, jobView } from "../views.ts";
import { jobId, overrides, prompt, workerId } from "./arguments.ts";

/** Clients that cannot take a task get an answer with the job's id after this long, before the server cuts in. */
const longestWaitMs = 45_000;
/** As long as a task may live. */
const longestTaskMs = 86_400_000;

const wait = z
  .boolean()
  .default(false)
  .describe("Wait for the end of the job: 50 s at most, or as a task as long as it takes");

/** The tools that run, watch and end jobs. */
export function createJobTools(operations: Operations): readonly Tool[] {
  return [
    defineTool({
      name: "dispatch_job",
      description:
        "Run a job at one site. Repeating a call with the same idempotency_key never runs it twice.",
      scope: "dispatch",
      task: "optional",
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
      input: z.object({
        worker_id: workerId,
        prompt: prompt.default(""),
        requirements: overrides,
        negotiation_id: z
          .string()
          .min(1)
          .max(64)
          .optional()
          .describe("Take the request from this negotiation"),
        idempotency_key: z.string().min(1).max(128).optional().describe("Chosen by the caller"),
        wait,
      }),
      handler: async (args, context) => {
        const result = await operations.dispatch({
          workerId: args.worker_id,
          submitter: context.caller,
          prompt: args.prompt,
          overrides: args.requirements,
          negotiationId: args.negotiation_id,
          idempotencyKey: args.idempotency_key,
        });
        if (!args.wait || isTerminal(result.job.state)) return dispatchResult(result);
        const job = await operations.wait(result.job.id, waiting(context));
        return dispatchResult({ ...result, job });
      },
    }),
    defineTool({
      name: "job_status",
      description:
        "State of a job, asked of its site now. A site that does not answer is state UNKNOWN with the reason.",
      task: "optional",
      annotations: { readOnlyHint: true },
      input: z.object({
        hub_job_id: jobId,
        wait,
      }),
      handler: async (args, context) => {
        const job = args.wait
          ? await operations.wait(args.hub_job_id, waiting(context))
          : await operations.job(args.hub_job_id, context.signal);
        return followUp(job, args.wait);
      },
    }),
    defineTool({
      name: "job_logs",
      description: "A piece of a job's output. Pass the cursor of the last answer to go on.",
      annotations: { readOnlyHint: true },
      input: z.object({
        hub_job_id: jobId,
        stream: z.enum(["stdout", "stderr"]).default("stdout").describe("Which output"),
        cursor: z.string().max(64).optional().describe("From an earlier answer"),
        max_bytes: z
          .number()
          .int()
          .min(1)
          .max(1_048_576)
          .default(65_536)
          .describe("Most bytes of one answer"),
      }),
      handler: async (args, { signal }) => {
        const { hub_job_id: id, stream, cursor, max_bytes: maxBytes } = args;
        const chunk = await operations.logs(id, { stream, cursor, maxBytes, signal });
        return { hub_job_id: id, ...chunk, lines: chunk.text.split("\n") };
      },
    }),
    defineTool({
      name: "cancel_job",
      description: "End a job. One that has ended already stays as it is.",
      scope: "dispatch",
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
      input: z.object({ hub_job_id: jobId }),
      handler: async (args, { signal }) => jobView(await operations.cancel(args.hub_job_id, signal)),
    }),
    defineTool({
      name: "list_jobs",
      description: "Jobs this hub dispatched, newest last.",
      annotations: { readOnlyHint: true },
      input: z.object({ limit: z.number().int().min(1).max(1000).default(100).describe("Most jobs listed") }),
      handler: async (args) => ({
        jobs: (await operations.jobs({ limit: args.limit })).map((job) => jobView(job)),
      }),
    }),
  ];
}

function waiting(context: ToolContext): Parameters<Operations["wait"]>[1] {
  return {
    timeoutMs: context.mayOutlive === true ? longestTaskMs : longestWaitMs,
    signal: context.signal,
    onChange: (job) => context.progress(isTerminal(job.state) ? 1 : 0, 1, `job is ${job.state}`),
  };
}

/** A dispatch that ended in failure is an error result; the job is in it all the same. */
function dispatchResult(result: DispatchResult): ReturnType<typeof toolResult> {
  const failed = result.receipt.status === "FAILED" && result.job.state !== "UNKNOWN";
  return toolResult({ structured: dispatchView(result), isError: failed });
}

function followUp(job: Job, waited: boolean): Record<string, unknown> {
  const view = jobView(job);
  return waited && !isTerminal(job.state)
    ? { ...view, poll: { tool: "job_status", hub_job_id: job.id } }
    : view;
}
