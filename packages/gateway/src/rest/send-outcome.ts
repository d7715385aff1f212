import type { FastifyReply } from "fastify";
import type { CallSubject } from "../calls/call-desk.ts";
import type { CallOutcome } from "../calls/rest-call.ts";
import { answerOf, takesWholeResult } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { misfitsOf } from "./arguments.ts";
import { faultOfError, faultOfResult } from "./faults.ts";
import type { RestFault } from "./faults.ts";
import { sendFault } from "./serving.ts";

/** What a caller gets of a call that has ended. */
export type Ending = { readonly answer: Answer } | { readonly fault: RestFault };

/** @param accept - of the request that asks for it */
export function endingOf(
  outcome: CallOutcome,
  { found: { tool }, args, messageOf }: CallSubject,
  accept: string | undefined,
): Ending {
  if ("thrown" in outcome) {
    const fault = faultOfError(outcome.thrown);
    return { fault: fault.status === unfit ? withMisfits(fault, misfitsOf(tool, args)) : fault };
  }
  const { result } = outcome;
  if (messageOf !== undefined && result.isError !== true) {
    const { type, body } = answerOf(result, tool, undefined);
    return { answer: { type, body: JSON.stringify(messageOf(textOf(String(body)))) } };
  }
  if (result.isError !== true || takesWholeResult(accept)) return { answer: answerOf(result, tool, accept) };
  const misfits = misfitsOf(tool, args);
  return { fault: withMisfits(faultOfResult(result, misfits.length > 0), misfits) };
}

export function sendEnding(reply: FastifyReply, ending: Ending): FastifyReply {
  if ("fault" in ending) return sendFault(reply, ending.fault);
  return reply.type(ending.answer.type).send(ending.answer.body);
}

/** What a model reads: a text as itself, everything else as JSON. */
function textOf(body: string): string {
  const value: unknown = body.startsWith('"') ? JSON.parse(body) : undefined;
  return typeof value === "string" ? value : body;
}

const unfit = 422;

/** FastAPI names the places, where they are known. */
function withMisfits(fault: RestFault, misfits: ReturnType<typeof misfitsOf>): RestFault {
  return fault.status === unfit && misfits.length > 0 ? { ...fault, detail: misfits } : fault;
}
