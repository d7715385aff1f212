import { ParleyError } from "@parley/core";
import type { Clock } from "@parley/core";
import type { ChatMessage, ChatModel, ChatReply, ChatToolCall } from "@parley/llm";
import type { Fault, Used } from "../machine/events.ts";
import { addUsed, nothingUsed } from "../machine/state.ts";
import { followHandle, wasCutOff } from "../servers/call-tool.ts";
import type { CallResult } from "../servers/call-tool.ts";
import type { McpCallOptions } from "@parley/mcp-client";
import { askModel } from "./ask-model.ts";
import type { Patience } from "./ask-model.ts";
import type { AgentEvent } from "./events.ts";
import { callId } from "./journal.ts";
import type { Journal } from "./journal.ts";
import type { Spoken } from "./role.ts";
import type { AgentTool } from "./toolbox.ts";

/** A call of which nobody knows whether it was done. */
export interface DoubtfulCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What somebody says about a {@link DoubtfulCall}. */
export type Assumption = "repeat" | "success" | "failure";

/** All that a conversation needs. */
export interface Conversation {
  readonly model: ChatModel;
  readonly system: string;
  /** What was said in an earlier conversation. */
  readonly before: readonly ChatMessage[];
  /** How it begins; ends with words of the user. */
  readonly opening: readonly Spoken[];
  readonly toolbox: ReadonlyMap<string, AgentTool>;
  /** What happened already, in another process. */
  readonly journal: Journal;
  /** Writes down what happens, before anything that follows from it is done. */
  readonly record: (event: AgentEvent) => Promise<void>;
  readonly maxTurns: number;
  /** Throws when what was used is too much. */
  readonly check: (used: Used) => void;
  readonly doubt: (call: DoubtfulCall) => Promise<Assumption>;
  readonly patience: Patience;
  readonly clock: Clock;
  readonly call: McpCallOptions;
}

/** What a conversation came to. */
export interface Conclusion {
  readonly text: string;
  /** Of the last tool that gave an object. */
  readonly structured?: Readonly<Record<string, unknown>> | undefined;
  readonly error?: Fault | undefined;
  readonly used: Used;
  readonly messages: readonly ChatMessage[];
}

/**
 * Lets a model speak and call tools, one after another, until it has nothing more to call. Turns and calls that the
 * journal knows are not made again.
 */
export async function converse(conversation: Conversation): Promise<Conclusion> {
  const { maxTurns, check, toolbox, journal, record, patience } = conversation;
  const { before, opening } = conversation;
  const messages: ChatMessage[] = [...before, ...opening];
  let used = nothingUsed;
  let structured: Conclusion["structured"];
  if (journal.asked === undefined) await record({ type: "model.asked", messages: [...opening] });
  for (let turn = 0; turn < maxTurns; turn += 1) {
    check(used);
    const said = journal.reply(turn) ?? (await say(conversation, messages));
    used = addUsed(used, said.used);
    messages.push({ role: "assistant", content: said.text, toolCalls: said.calls });
    if (said.calls.length === 0) return { text: said.text, structured, error: faultOf(said), used, messages };
    for (const [index, call] of said.calls.entries()) {
      patience.signal.throwIfAborted();
      check(used);
      const result = await makeCall(conversation, call, {
        id: callId(turn, index),
        tool: toolbox.get(call.name),
      });
      used = addUsed(used, { durationMs: 0, calls: 1 });
      structured = result.isError ? structured : (result.structured ?? structured);
      const { text: content, isError } = result;
      messages.push({ role: "tool", toolCallId: call.id, toolName: call.name, content, isError });
    }
  }
  const message = `The model was not done after ${maxTurns} turns, which is the limit (max_turns).`;
  return { text: "", structured, error: { code: "E_PLAN_LIMIT", message }, used, messages };
}

function faultOf({ stop, text }: Pick<ChatReply, "stop" | "text">): Fault | undefined {
  if (stop === "length")
    return { code: "E_LLM_OUTPUT", message: "The model's answer was cut at its limit of tokens." };
  if (stop === "filtered")
    return { code: "E_LLM_REFUSED", message: "The model's provider kept its answer back." };
  if (text.trim() === "") return { code: "E_LLM_OUTPUT", message: "The model said nothing." };
  return undefined;
}

type Said = Extract<AgentEvent, { type: "model.replied" }>;

async function say(conversation: Conversation, messages: readonly ChatMessage[]): Promise<Said> {
  const { model, system, toolbox, patience, clock, record } = conversation;
  const tools = [...toolbox.values()].map(({ chat }) => chat);
  const began = clock.now();
  const { text, toolCalls, stop, usage } = await askModel(
    model,
    { system, messages: [...messages], tools },
    patience,
  );
  const said: Said = {
    type: "model.replied",
    text,
    calls: toolCalls.map(({ id, name, arguments: args }) => ({ id, name, arguments: { ...args } })),
    stop,
    used: { durationMs: Math.max(0, clock.now() - began), calls: 0, ...usage },
  };
  await record(said);
  return said;
}

interface Made {
  readonly id: string;
  readonly tool: AgentTool | undefined;
}

async function makeCall(
  conversation: Conversation,
  call: ChatToolCall,
  { id, tool }: Made,
): Promise<CallResult> {
  const { journal, record, toolbox } = conversation;
  const known = journal.call(id);
  if (known.finished !== undefined) return known.finished;
  const finish = async (result: CallResult): Promise<CallResult> => {
    const { text, structured, isError } = result;
    await record({ type: "call.finished", id, tool: call.name, text, structured, isError });
    return result;
  };
  if (tool === undefined) {
    const names = [...toolbox.keys()].join(", ") || "none";
    return await finish({ text: `There is no tool ${call.name}; there is ${names}.`, isError: true });
  }
  if (known.handle !== undefined && tool.found !== undefined) {
    const { task, poll } = known.handle;
    return await finish(await followHandle(tool.found, { task, poll }, conversation.call));
  }
  if (known.started && !tool.repeatable) return await finish(await decide(conversation, call, { id, tool }));
  return await finish(await attempt(conversation, call, { id, tool }));
}

interface Making {
  readonly id: string;
  readonly tool: AgentTool;
}

async function attempt(
  conversation: Conversation,
  call: ChatToolCall,
  { id, tool }: Making,
): Promise<CallResult> {
  const { record, patience } = conversation;
  const { repeatable, server } = tool;
  await record({ type: "call.started", id, server, tool: call.name, arguments: call.arguments, repeatable });
  try {
    return await tool.call(call.arguments, {
      ...conversation.call,
      onHandle: async ({ task, poll }) => await record({ type: "call.outlives", id, task, poll }),
    });
  } catch (error) {
    patience.signal.throwIfAborted();
    if (ParleyError.isInstance(error) && !wasCutOff(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (tool.found === undefined) throw error;
    if (repeatable) return { text: message, isError: true };
    return await decide(conversation, call, { id, tool });
  }
}

/** Has somebody say what came of a call that was cut off. */
async function decide(conversation: Conversation, call: ChatToolCall, making: Making): Promise<CallResult> {
  const assumed = await conversation.doubt({ tool: call.name, arguments: call.arguments });
  if (assumed === "repeat") return await attempt(conversation, call, making);
  if (assumed === "success") return { text: "The call was done. Its result was lost.", isError: false };
  return { text: "The call was cut off before anything was done.", isError: true };
}
