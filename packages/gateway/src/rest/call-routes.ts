import type { FastifyInstance, FastifyReply } from "fastify";
import { ParleyError } from "@parley/core";
import type { KeptCall } from "../calls/call-desk.ts";
import { readAnswers } from "../calls/read-answers.ts";
import type { Misfit } from "./arguments.ts";
import { faultOfError } from "./faults.ts";
import { readPreferences } from "./preferences.ts";
import type { Exchange } from "./resources.ts";
import { sendPending } from "./send-pending.ts";
import { endingOf, sendEnding } from "./send-outcome.ts";
import { callerSignal, sendFault } from "./serving.ts";
import type { Serving } from "./serving.ts";
import { prefersEvents, streamCall } from "./stream-call.ts";

/** Longest a caller is kept waiting who only asks for the state. */
const maxPollMs = 60_000;

/** Calls that have an address: `GET` asks for one, `POST` answers it, `DELETE` ends it. */
export function callRoutes(serving: Serving, path: string): (scope: FastifyInstance) => void {
  const route = `${path}/:call`;
  const find = ({ request }: Exchange): KeptCall =>
    serving.desk.find(idIn(request.params), request.caller.name);
  return (scope) => {
    scope.get(
      route,
      async (request, reply) => await poll(serving, find({ request, reply }), { request, reply }),
    );
    scope.post(
      route,
      async (request, reply) => await answer(serving, find({ request, reply }), { request, reply }),
    );
    scope.delete(route, async (request, reply) => {
      const { id } = find({ request, reply });
      serving.desk.remove(id, new ParleyError("E_INTERRUPTED", "The caller has ended the call."));
      return reply.code(204).send();
    });
  };
}

async function poll(serving: Serving, kept: KeptCall, exchange: Exchange): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const { accept } = request.headers;
  if (prefersEvents(accept)) return streamCall(serving, kept, { ...exchange, isOwn: false });
  const { waitMs } = readPreferences(request.headers["prefer"]);
  if (waitMs !== undefined) await pauseWithin(kept, Math.min(waitMs, maxPollMs), callerSignal(reply));
  return settle(serving, kept, exchange);
}

async function answer(serving: Serving, kept: KeptCall, exchange: Exchange): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const { call } = kept;
  // An answer that came twice gets the same result twice.
  if (call.outcome !== undefined) return settle(serving, kept, exchange);
  if (call.questions.size === 0) {
    const error = new ParleyError(
      "E_OBJECT_CONFLICT",
      "The call asks nothing now: GET its address for its state.",
    );
    return sendFault(reply, { ...faultOfError(error), status: error.status });
  }
  const read = readAnswers(call.questions, request.body);
  if ("misfits" in read) return sendFault(reply, unfitAnswer(read.misfits));
  if ("declined" in read) {
    const reason = new ParleyError(
      "E_INPUT_UNSUPPORTED",
      "The caller declined what the call needs of a model.",
    );
    call.cancel(reason);
  } else call.answer(read.answers);
  const { respondAsync } = readPreferences(request.headers["prefer"]);
  if (!respondAsync && !kept.isStreamed) await Promise.race([call.pause(), gone(callerSignal(reply))]);
  return settle(serving, kept, exchange);
}

function settle(serving: Serving, kept: KeptCall, exchange: Exchange): FastifyReply {
  const { outcome } = kept.call;
  if (outcome === undefined) return sendPending(serving, kept, exchange);
  return sendEnding(exchange.reply, endingOf(outcome, kept, exchange.request.headers.accept));
}

function unfitAnswer(misfits: readonly Misfit[]) {
  const [first] = misfits;
  const error = new ParleyError(
    "E_ARGUMENT_INVALID",
    `The answer does not fit: ${first?.loc.join(".") ?? "body"}: ${first?.msg ?? "unreadable"}`,
  );
  return { status: 422, error: error.toJSON(), detail: misfits };
}

async function pauseWithin({ call }: KeptCall, waitMs: number, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs);
  });
  await Promise.race([call.pause(), late, gone(signal)]);
  clearTimeout(timer);
}

function gone(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function idIn(params: unknown): string {
  const named: { readonly call?: unknown } = typeof params === "object" && params !== null ? params : {};
  return typeof named.call === "string" ? named.call : "";
}
