import { JobRequirements, ParleyError, toParleyError } from "@parley/core";
import type { Tool } from "@parley/tool-registry";
import { defineTool, toolResult } from "@parley/tool-registry";
import { parseRequest } from "@parley/secretary";
import { z } from "zod";
import type { Dispatcher } from "./dispatcher.ts";

/** Marks a tool that only a hub should call; hubs never mirror such tools. */
export const controlMeta = { "parley/control": true } as const;

const siteJob = z.string().min(1).max(256).describe("Job id as the site's scheduler gave it, e.g. 4242");

/** The tools through which a hub runs jobs at this worker. */
export function createControlTools(
  workerId: string,
  dispatcher: Dispatcher,
  now: () => number,
): readonly Tool[] {
  const submit = defineTool({
    name: "submit",
    description: "Submit a job here. Repeating a call with the same idempotency_key never submits twice.",
    scope: "dispatch",
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
    _meta: controlMeta,
    input: z.object({
      request: z.string().max(16_384).default("").describe("The job in words, e.g. run hostname on 2 nodes"),
      requirements: JobRequirements.optional().describe("The job as job-requirements/1; outranks the words"),
      idempotency_key: z
        .string()
        .min(1)
        .max(128)
        .optional()
        .describe("Chosen by the caller, e.g. job_7k3m9q2x4v8n"),
      submitter: z.string().max(128).optional().describe("Who asks, as the hub knows them, e.g. alice"),
    }),
    handler: async (args, { signal }) => {
      const requirements = args.requirements ?? parseRequest(args.request, { now: now() }).requirements;
      try {
        const { idempotency_key: key, submitter } = args;
        const done = await dispatcher.submit(requirements, { key, submitter, signal });
        return { worker_id: workerId, ...done };
      } catch (error) {
        return refused(workerId, toParleyError(error));
      }
    },
  });
  const status = defineTool({
    name: "job_status",
    description: "State of a job that was submitted through this worker, read from its scheduler now.",
    scope: "dispatch",
    annotations: { readOnlyHint: true },
    _meta: controlMeta,
    input: z.object({ job_id: siteJob }),
    handler: (args, { signal }) => dispatcher.status(args.job_id, signal),
  });
  const logs = defineTool({
    name: "job_logs",
    description: "A piece of a job's output. Pass the cursor of the last answer to go on.",
    scope: "dispatch",
    annotations: { readOnlyHint: true },
    _meta: controlMeta,
    input: z.object({
      job_id: siteJob,
      stream: z.enum(["stdout", "stderr"]).default("stdout").describe("Which output, e.g. stdout"),
      cursor: z.string().max(64).optional().describe("From an earlier answer, e.g. 4096"),
      max_bytes: z.number().int().min(1).max(1_048_576).default(65_536).describe("Most bytes of one answer"),
    }),
    handler: (args, { signal }) =>
      dispatcher.logs(args.job_id, {
        stream: args.stream,
        cursor: args.cursor,
        maxBytes: args.max_bytes,
        signal,
      }),
  });
  const cancel = defineTool({
    name: "cancel_job",
    description: "Ask the scheduler to end a job; a job that has ended already stays as it is.",
    scope: "dispatch",
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
    _meta: controlMeta,
    input: z.object({
      job_id: siteJob.optional(),
      idempotency_key: z
        .string()
        .min(1)
        .max(128)
        .optional()
        .describe("Instead of job_id: the key it was submitted under"),
    }),
    handler: async (args, { signal }) => {
      if (args.job_id !== undefined) return dispatcher.cancel(args.job_id, signal);
      if (args.idempotency_key === undefined) {
        throw new ParleyError("E_ARGUMENT_INVALID", "cancel_job needs job_id or idempotency_key.");
      }
      return { cancelled: (await dispatcher.cancelKey(args.idempotency_key, signal)) ?? null };
    },
  });
  return [submit, status, logs, cancel];
}

/** A refusal in the seed's receipt form, marked as an error so that no client takes it for a job. */
function refused(workerId: string, error: ParleyError): ReturnType<typeof toolResult> {
  const { code, message, retryable } = error;
  return toolResult({
    isError: true,
    text: message,
    structured: {
      worker_id: workerId,
      receipt: {
        status: "FAILED",
        job_id: null,
        reasoning: message,
        error: { code, message, retryable },
        calls: [],
      },
    },
  });
}

/** Accepts both forms of a call for proposals: the typed one, and the seed's plain words. */
export const AskArguments = z.object({
  request: z
    .string()
    .max(16_384)
    .default("")
    .describe("The job in words, e.g. LAMMPS on 3 nodes for 2 hours"),
  // Its full schema would stand once per worker in every hub's tool list; the handler holds it against the record.
  call: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("The typed question of a hub, call-for-proposals/1; outranks the words"),
});
