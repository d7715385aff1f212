import type { z } from "zod";
import { createMcpClient } from "@parley/mcp-client";
import type { JsonObject, McpCallOptions } from "@parley/mcp-client";
import {
  DispatchAnswer,
  JobAnswer,
  JobsAnswer,
  LogAnswer,
  NegotiationAnswer,
  SelectionAnswer,
  TruthAnswer,
  WorkersAnswer,
} from "./answers.ts";
import { readLogs, waitFor } from "./follow.ts";
import type { AskRequest, ResourceAsk, ResourceAskOptions, SelectRequest } from "./options.ts";
import { readAnswer } from "./read-answer.ts";

/** A negotiation of a thousand sites with all their facts is some 30 MB. */
const maxBytes = 64 * 2 ** 20;

/**
 * A client of a hub. It connects at the first call.
 * @throws {@link ParleyError} `E_ARGUMENT_INVALID` for an unusable address or token, `E_CONFIG_INVALID` for `ca`
 */
export function createResourceAsk(options: ResourceAskOptions): ResourceAsk {
  const { url, token, ca, dispatcher, timeoutMs, connect = createMcpClient } = options;
  const mcp = connect({ url, token, ca, dispatcher, timeoutMs, maxBytes, name: "resource-ask" });

  async function call<Schema extends z.ZodType>(
    tool: string,
    schema: Schema,
    input: { readonly args?: JsonObject; readonly call?: McpCallOptions | undefined } = {},
  ): Promise<z.output<Schema>> {
    return readAnswer(tool, schema, await mcp.callTool(tool, given(input.args ?? {}), input.call));
  }

  const client: ResourceAsk = {
    satisfy: ({ words, requirements, workers, labels }: AskRequest, { signal, onProgress } = {}) =>
      call("satisfy_job", NegotiationAnswer, {
        args: { prompt: words ?? "", requirements, workers, labels },
        call: {
          signal,
          onProgress: onProgress && (({ progress, total }) => onProgress(progress, total ?? progress)),
        },
      }),
    negotiation: (id, { full, signal } = {}) =>
      call("get_negotiation", NegotiationAnswer, { args: { negotiation_id: id, full }, call: { signal } }),
    select: (id, { strategies, seed }: SelectRequest = {}, callOptions) =>
      call("select_worker", SelectionAnswer, {
        args: { negotiation_id: id, strategies, seed },
        call: callOptions,
      }),
    async negotiate(request, askOptions = {}) {
      const { signal } = askOptions;
      const negotiation = await client.satisfy(request, askOptions);
      const selection = await client.select(negotiation.negotiation_id, request, { signal });
      if (selection.worker_id === null) return { negotiation, selection };
      const dispatch = await client.dispatch(
        {
          workerId: selection.worker_id,
          negotiationId: negotiation.negotiation_id,
          requirements: request.requirements,
          idempotencyKey: request.idempotencyKey,
        },
        { signal },
      );
      return { negotiation, selection, dispatch };
    },
    dispatch: ({ workerId, words, requirements, negotiationId, idempotencyKey }, callOptions) =>
      call("dispatch_job", DispatchAnswer, {
        args: {
          worker_id: workerId,
          prompt: words,
          requirements,
          negotiation_id: negotiationId,
          idempotency_key: idempotencyKey,
        },
        call: callOptions,
      }),
    status: (jobId, callOptions) =>
      call("job_status", JobAnswer, { args: { hub_job_id: jobId }, call: callOptions }),
    wait: (jobId, waitOptions = {}) =>
      waitFor(() => client.status(jobId, { signal: waitOptions.signal }), waitOptions),
    logs: (jobId, logOptions = {}) =>
      readLogs(
        (cursor) =>
          call("job_logs", LogAnswer, {
            args: { hub_job_id: jobId, stream: logOptions.stream, cursor },
            call: { signal: logOptions.signal },
          }),
        logOptions,
      ),
    cancel: (jobId, callOptions) =>
      call("cancel_job", JobAnswer, { args: { hub_job_id: jobId }, call: callOptions }),
    jobs: async ({ limit, signal } = {}) =>
      (await call("list_jobs", JobsAnswer, { args: { limit }, call: { signal } })).jobs,
    workers: async (callOptions) =>
      (await call("list_workers", WorkersAnswer, { call: callOptions })).workers,
    truth: (callOptions) => call("export_fleet_truth", TruthAnswer, { call: callOptions }),
    close: () => mcp.close(),
  };
  return client;
}

function given(args: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}
