import { JobRequirements, Labels } from "@parley/core";
import { requireScope } from "@parley/server";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "@parley/server";
import { z } from "zod";
import type { Operations } from "./operations.ts";
import { dispatchView, jobView, negotiationView, selectionView } from "./views.ts";
import { maxPromptLength } from "./tools/arguments.ts";

const Body = z.looseObject({});
const prompt = z.string().max(maxPromptLength).default("");
const overrides = JobRequirements.omit({ schema: true }).partial().optional();
const whom = {
  workers: z.array(z.string()).optional(),
  labels: Labels.optional(),
  timeoutSeconds: z.number().positive().max(600).optional(),
};
const choice = { strategies: z.array(z.string()).max(10).optional(), seed: z.string().max(64).optional() };
const Ask = z.strictObject({ prompt, requirements: overrides, ...whom });
const Choose = z.strictObject({ negotiationId: z.string(), ...choice });
const Negotiate = Ask.extend({
  ...choice,
  dispatch: z.boolean().default(true),
  idempotencyKey: z.string().max(128).optional(),
});
const Dispatch = z.strictObject({
  workerId: z.string(),
  prompt,
  requirements: overrides,
  negotiationId: z.string().optional(),
  idempotencyKey: z.string().max(128).optional(),
});
const Id = z.object({ id: z.string().max(64) });
const LogQuery = z.object({
  stream: z.enum(["stdout", "stderr"]).default("stdout"),
  cursor: z.string().max(64).optional(),
  maxBytes: z.coerce.number().int().min(1).max(1_048_576).default(65_536),
});

/** The hub's verbs as plain HTTP, under the same policy as its tools. */
export function restRoutes(operations: Operations): (app: FastifyInstance) => Promise<void> {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const [read, negotiate, dispatch] = [needing("read"), needing("negotiate"), needing("dispatch")];
    const ok = { 200: Body };

    app.post(
      "/satisfy",
      {
        ...negotiate,
        schema: { body: Ask, response: ok, summary: "Ask every site; run nothing" },
      },
      async ({ body, caller }) => {
        const { requirements, timeoutSeconds, ...rest } = body;
        const timeoutMs = timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000;
        return negotiationView(
          await operations.satisfy({ ...rest, submitter: caller.name, overrides: requirements, timeoutMs }),
        );
      },
    );
    app.post(
      "/select",
      { ...negotiate, schema: { body: Choose, response: ok, summary: "Choose among proposals" } },
      async ({ body }) => {
        const { negotiation, selection } = await operations.select(body.negotiationId, body);
        return selectionView(negotiation, selection);
      },
    );
    app.post(
      "/negotiate",
      { ...dispatch, schema: { body: Negotiate, response: ok, summary: "Ask, choose and run" } },
      async ({ body, caller }) => {
        const { requirements, timeoutSeconds, ...rest } = body;
        const timeoutMs = timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000;
        const { negotiation, selection, dispatched } = await operations.negotiate({
          ...rest,
          submitter: caller.name,
          overrides: requirements,
          timeoutMs,
        });
        return {
          ...negotiationView({ ...negotiation, selection }),
          ...(dispatched ? { dispatch: dispatchView(dispatched) } : {}),
        };
      },
    );
    app.post(
      "/dispatch",
      { ...dispatch, schema: { body: Dispatch, response: ok, summary: "Run a job at one site" } },
      async ({ body, caller }) => {
        const { requirements, ...rest } = body;
        return dispatchView(
          await operations.dispatch({ ...rest, submitter: caller.name, overrides: requirements }),
        );
      },
    );
    app.get(
      "/workers",
      { ...read, schema: { response: ok, summary: "The federation's workers" } },
      async () => ({
        workers: operations.workers(),
      }),
    );
    app.get(
      "/negotiations/:id",
      { ...negotiate, schema: { params: Id, response: ok, summary: "One negotiation" } },
      async ({ params }) => negotiationView(await operations.negotiation(params.id), { full: true }),
    );
    app.get("/jobs", { ...read, schema: { response: ok, summary: "Jobs, newest last" } }, async () => ({
      jobs: (await operations.jobs()).map((job) => jobView(job)),
    }));
    app.get(
      "/jobs/:id",
      {
        ...read,
        schema: { params: Id, response: ok, summary: "One job, asked of its site now" },
      },
      async ({ params }) => jobView(await operations.job(params.id)),
    );
    app.get(
      "/jobs/:id/logs",
      {
        ...read,
        schema: { params: Id, querystring: LogQuery, response: ok, summary: "A piece of a job's output" },
      },
      async ({ params, query }) => ({
        ...(await operations.logs(params.id, query)),
      }),
    );
    app.post(
      "/jobs/:id/cancel",
      { ...dispatch, schema: { params: Id, response: ok, summary: "End a job" } },
      async ({ params }) => jobView(await operations.cancel(params.id)),
    );
    await Promise.resolve();
  };
}

/** What a route needs that does what one of the hub's tools does. */
function needing(scope: string) {
  return { preValidation: requireScope(scope), config: { call: true } };
}
