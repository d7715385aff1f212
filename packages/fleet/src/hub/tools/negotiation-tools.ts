import { defineTool, toolResult } from "@parley/tool-registry";
import type { Tool, ToolContext } from "@parley/tool-registry";
import { ParleyError } from "@parley/core";
import { z } from "zod";
import type { Operations } from "../operations.ts";
import { dispatchView, negotiationView, selectionView } from "../views.ts";
import { overrides, prompt, seed, strategies, whom } from "./arguments.ts";

const askInput = z.object({
  prompt: prompt.default(""),
  requirements: overrides,
  ...whom,
  include_offline: z.boolean().default(false).describe("Also list workers that cannot be asked"),
});

const emptyFleet = { error: "No workers registered in fleet." };

/** The tools that ask and choose. None of them runs anything unless told to dispatch. */
export function createNegotiationTools(operations: Operations): readonly Tool[] {
  async function ask(
    args: z.output<typeof askInput>,
    context: ToolContext,
  ): ReturnType<Operations["satisfy"]> {
    return operations.satisfy({
      prompt: args.prompt,
      submitter: context.caller,
      overrides: args.requirements,
      workers: args.workers,
      labels: args.labels,
      includeOffline: args.include_offline,
      timeoutMs: args.timeout_seconds === undefined ? undefined : args.timeout_seconds * 1000,
      signal: context.signal,
      onProgress: (done, total) => context.progress(done, total, `${done} of ${total} workers answered`),
    });
  }

  const nobody = (): boolean => operations.workers().length === 0;

  return [
    defineTool({
      name: "satisfy_job",
      description: "Ask every site whether it can serve a job. Runs nothing.",
      scope: "negotiate",
      annotations: { readOnlyHint: true },
      input: askInput,
      handler: async (args, context) => (nobody() ? noFleet() : negotiationView(await ask(args, context))),
    }),
    defineTool({
      name: "negotiate_job",
      description: "Ask every site; with dispatch: true also choose one and run the job there.",
      scope: "negotiate",
      annotations: { readOnlyHint: false, destructiveHint: false },
      input: askInput.extend({
        dispatch: z.boolean().default(false).describe("Choose a site and submit the job to it"),
        strategies,
        seed,
        idempotency_key: z
          .string()
          .min(1)
          .max(128)
          .optional()
          .describe("Makes a repeated dispatch return the same job"),
      }),
      handler: async (args, context) => {
        if (nobody()) return noFleet();
        if (!args.dispatch) return negotiationView(await ask(args, context));
        requireDispatch(context);
        const { negotiation, selection, dispatched } = await operations.negotiate({
          prompt: args.prompt,
          submitter: context.caller,
          overrides: args.requirements,
          workers: args.workers,
          labels: args.labels,
          timeoutMs: args.timeout_seconds === undefined ? undefined : args.timeout_seconds * 1000,
          strategies: args.strategies,
          seed: args.seed,
          idempotencyKey: args.idempotency_key,
          dispatch: true,
          signal: context.signal,
          onProgress: (done, total) => context.progress(done, total, `${done} of ${total} workers answered`),
        });
        return {
          ...negotiationView({ ...negotiation, selection }),
          ...(dispatched ? { dispatch: dispatchView(dispatched) } : {}),
        };
      },
    }),
    defineTool({
      name: "select_worker",
      description: "Choose among the proposals of a negotiation and say why.",
      scope: "negotiate",
      annotations: { readOnlyHint: true },
      input: z.object({
        negotiation_id: z.string().min(1).max(64).describe("From satisfy_job"),
        strategies,
        seed,
      }),
      handler: async (args, { signal }) => {
        const { negotiation, selection } = await operations.select(args.negotiation_id, {
          strategies: args.strategies,
          seed: args.seed,
          signal,
        });
        return selectionView(negotiation, selection);
      },
    }),
    defineTool({
      name: "get_negotiation",
      description: "A negotiation with its proposals and, if asked, the facts they rest on.",
      scope: "negotiate",
      annotations: { readOnlyHint: true },
      input: z.object({
        negotiation_id: z.string().min(1).max(64).describe("From satisfy_job"),
        full: z.boolean().default(false).describe("Include every site's facts"),
      }),
      handler: async (args) =>
        negotiationView(await operations.negotiation(args.negotiation_id), { full: args.full }),
    }),
  ];
}

function noFleet(): ReturnType<typeof toolResult> {
  return toolResult({ structured: emptyFleet, text: emptyFleet.error, isError: true });
}

function requireDispatch(context: ToolContext): void {
  if (context.scopes.has("dispatch")) return;
  throw new ParleyError(
    "E_AUTH_FORBIDDEN",
    "This token may negotiate but not dispatch: leave out dispatch, or use another token.",
  );
}
