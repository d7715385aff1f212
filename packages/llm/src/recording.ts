import { readFile, rename, writeFile } from "node:fs/promises";
import { ParleyError, digest } from "@parley/core";
import { z } from "zod";
import { bounded } from "./bounded.ts";
import type { ChatModel, ChatReply, ChatRequest } from "./port.ts";
import { checkRequest } from "./request.ts";

const ToolCall = z.object({ id: z.string(), name: z.string(), arguments: z.record(z.string(), z.unknown()) });

const Reply = z.object({
  text: z.string(),
  toolCalls: z.array(ToolCall),
  stop: z.enum(["end", "tools", "length", "filtered", "other"]),
  usage: z.object({
    inputTokens: z.number().optional(),
    outputTokens: z.number().optional(),
    costUsd: z.number().optional(),
  }),
});

/** Questions and answers, as a file of recordings holds them. */
export const ChatRecording = z.strictObject({
  version: z.literal(1),
  model: z.string(),
  /** In the order they were asked. A key is the digest of the whole request. */
  exchanges: z.array(z.object({ key: z.string(), request: z.unknown(), reply: Reply })),
});
export type ChatRecording = z.infer<typeof ChatRecording>;

const keyOf = (request: ChatRequest): string => digest(JSON.parse(JSON.stringify(request)));

/** A model that hands questions on and writes down what was said. */
export interface RecordingModel extends ChatModel {
  /** What was said so far; errors are not kept. */
  recording(): ChatRecording;
  /** Writes the recording to a file, whole or not at all. */
  save(path: string): Promise<void>;
}

/** Records what another model answers, for {@link createReplayModel}. Requests are kept as they are: use no secrets. */
export function createRecordingModel(model: ChatModel): RecordingModel {
  const exchanges: ChatRecording["exchanges"] = [];
  const recording = (): ChatRecording => ({ version: 1, model: model.id, exchanges: [...exchanges] });
  return {
    id: model.id,
    async complete(request, options) {
      const reply = await model.complete(request, options);
      exchanges.push({ key: keyOf(request), request, reply: Reply.parse(reply) });
      return reply;
    },
    recording,
    async save(path) {
      const draft = `${path}.new`;
      await writeFile(draft, `${JSON.stringify(recording(), null, 2)}\n`, { mode: 0o600 });
      await rename(draft, path);
    },
  };
}

/**
 * Answers from a recording: the same question gets the same answers, in their order, the last one again and again.
 * @throws of calls `E_LLM_RECORDING` for a question that was not recorded
 */
export function createReplayModel(recording: ChatRecording): ChatModel {
  const { model, exchanges } = recording;
  const answers = new Map<string, ChatReply[]>();
  for (const { key, reply } of exchanges) answers.set(key, [...(answers.get(key) ?? []), reply]);
  const take = (request: ChatRequest): ChatReply => {
    const known = answers.get(keyOf(request));
    const [reply] = known ?? [];
    if (known === undefined || reply === undefined) {
      throw new ParleyError(
        "E_LLM_RECORDING",
        `The recording of the model ${model} has no answer to this question: record it again.`,
      );
    }
    if (known.length > 1) known.shift();
    return reply;
  };
  return {
    id: model,
    async complete(request, options) {
      checkRequest(model, request);
      return await bounded({ model, ...options }, async () => take(request));
    },
  };
}

/** Reads a recording from a file. @throws `E_LLM_RECORDING` */
export async function readRecording(path: string): Promise<ChatRecording> {
  try {
    return ChatRecording.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    throw new ParleyError("E_LLM_RECORDING", `The file ${path} holds no recording: record it again.`, {
      cause,
    });
  }
}
