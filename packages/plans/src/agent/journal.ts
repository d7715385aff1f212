import type { ChatMessage } from "@parley/llm";
import type { AgentEvent, AgentEventOf } from "./events.ts";

/** What is known of a call from an earlier process. */
interface KnownCall {
  readonly started: boolean;
  readonly handle?: AgentEventOf<"call.outlives"> | undefined;
  readonly finished?: AgentEventOf<"call.finished"> | undefined;
}

/** The events of a conversation that began in another process, to go on with it where it stopped. */
export interface Journal {
  /** What the model said at a turn, from 0; undefined: it was not asked yet, or did not answer. */
  reply(turn: number): AgentEventOf<"model.replied"> | undefined;
  call(id: string): KnownCall;
  readonly asked: AgentEventOf<"model.asked"> | undefined;
}

/** Reads the events of one attempt. */
export function createJournal(events: readonly AgentEvent[]): Journal {
  const replies = events.filter((event) => event.type === "model.replied");
  return {
    asked: events.find((event) => event.type === "model.asked"),
    reply: (turn) => replies[turn],
    call: (id) => ({
      started: events.some((event) => event.type === "call.started" && event.id === id),
      handle: events.findLast((event) => event.type === "call.outlives" && event.id === id) as
        | KnownCall["handle"]
        | undefined, // the predicate has looked at the type
      finished: events.findLast((event) => event.type === "call.finished" && event.id === id) as
        | KnownCall["finished"]
        | undefined, // the predicate has looked at the type
    }),
  };
}

/** Names a call within its conversation; ids that models give may repeat. */
export const callId = (turn: number, index: number): string => `${turn + 1}.${index + 1}`;

/** The messages that a finished conversation amounts to, for one that goes on from it. */
export function messagesOf(events: readonly AgentEvent[]): readonly ChatMessage[] {
  const journal = createJournal(events);
  if (journal.asked === undefined) return [];
  const messages: ChatMessage[] = [...journal.asked.messages];
  for (let turn = 0; ; turn += 1) {
    const reply = journal.reply(turn);
    if (reply === undefined) return messages;
    messages.push({ role: "assistant", content: reply.text, toolCalls: reply.calls });
    for (const [index, { id, name }] of reply.calls.entries()) {
      const done = journal.call(callId(turn, index)).finished;
      const content = done?.text ?? "The call was cut off.";
      messages.push({
        role: "tool",
        toolCallId: id,
        toolName: name,
        content,
        isError: done?.isError ?? true,
      });
    }
  }
}
