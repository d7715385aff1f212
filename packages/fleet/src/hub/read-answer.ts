import { ParleyError, Proposal, unreadableStructured } from "@parley/core";
import { z } from "zod";
import type { Answer } from "./negotiation-record.ts";

/** Longest text taken of an answer, in characters. */
export const maxAnswerText = 200_000;

// Made once: zod compiles a schema at its first use, which costs more than reading a proposal with it.
const Words = z.string().max(maxAnswerText);
const Structured = z.object({ proposal: Words.default(""), structured: z.unknown() });
const Plain = z.object({ proposal: Words });

/**
 * Reads a worker's answer to the question: a typed proposal and its words, or the words alone of one of the seed's
 * kind. A structured part that cannot be read is a fault, since nothing could check the words beside it.
 * @throws {@link ParleyError} `E_MCP_PROTOCOL`
 */
export function readAnswer(workerId: string, value: unknown): Answer {
  const answer = Structured.safeParse(value);
  if (answer.success && answer.data.structured !== undefined && answer.data.structured !== null) {
    const { proposal, structured } = answer.data;
    return answerOf(workerId, proposal, readStructured(workerId, structured));
  }
  const plain = Plain.safeParse(value);
  if (plain.success) return answerOf(workerId, plain.data.proposal);
  if (typeof value === "string" && value !== "") return answerOf(workerId, value.slice(0, maxAnswerText));
  throw new ParleyError("E_MCP_PROTOCOL", `Worker ${workerId} answered something that is no proposal.`);
}

function readStructured(workerId: string, structured: unknown): Proposal {
  const read = Proposal.safeParse(structured);
  if (!read.success) {
    throw new ParleyError("E_MCP_PROTOCOL", `Worker ${workerId}: ${unreadableStructured(read.error)}.`);
  }
  if (read.data.workerId === workerId) return read.data;
  throw new ParleyError(
    "E_MCP_PROTOCOL",
    `Worker ${workerId} answered in the name of ${read.data.workerId}.`,
  );
}

function answerOf(workerId: string, proposal: string, structured?: Proposal): Answer {
  const data = { worker_id: workerId, proposal, ...(structured === undefined ? {} : { structured }) };
  return { type: "agentic_proposal", data };
}
