import { readFile } from "node:fs/promises";
import type { Io, OptionValues } from "@parley/cli";
import { ParleyError } from "@parley/core";
import { createRecordingModel, createReplayModel, createScriptedModel, readRecording } from "@parley/llm";
import type { ChatModel, ScriptedAnswer } from "@parley/llm";
import { createAiModel } from "@parley/llm/ai";
import { parse } from "yaml";
import { z } from "zod";
import type { llmOptions } from "../parley-options.ts";

type Settings = OptionValues<typeof llmOptions>;

const keyNames = {
  openai: "OPENAI_API_KEY",
  gemini: "GEMINI_API_KEY",
  anthropic: "ANTHROPIC_API_KEY",
} as const;

/** A model, and what is to be done when nobody asks it any more. */
export interface OpenModel {
  readonly model: ChatModel | undefined;
  close(): Promise<void>;
}

/** The model that the settings name. @throws `E_CONFIG_INVALID`, `E_LLM_RECORDING` */
export async function openModel(
  settings: Settings,
  { env, answered }: { readonly env: Io["env"]; readonly answered: number },
): Promise<OpenModel> {
  const { llmModel, llmScript, llmReplay, llmRecord } = settings;
  const given = [llmModel, llmScript, llmReplay].filter((one) => one !== undefined);
  if (given.length > 1) {
    throw new ParleyError("E_CONFIG_INVALID", "Give one of --llm-model, --llm-script and --llm-replay.");
  }
  const model =
    llmScript !== undefined
      ? createScriptedModel((await readScript(llmScript)).slice(answered))
      : llmReplay !== undefined
        ? createReplayModel(await readRecording(llmReplay))
        : llmModel === undefined
          ? undefined
          : aiModel(llmModel, settings, env);
  if (llmRecord === undefined || model === undefined) return { model, close: async () => undefined };
  const recording = createRecordingModel(model);
  return { model: recording, close: async () => await recording.save(llmRecord) };
}

function aiModel(model: string, settings: Settings, env: Io["env"]): ChatModel {
  const { llmBackend: backend, llmApiBase: apiBase, llmInputUsd, llmOutputUsd } = settings;
  const keyName = keyNames[backend];
  const prices =
    llmInputUsd === undefined || llmOutputUsd === undefined
      ? undefined
      : { inputUsdPerMillion: llmInputUsd, outputUsdPerMillion: llmOutputUsd };
  return createAiModel({ backend, model, apiBase, keyName, apiKey: () => env[keyName], prices });
}

const Answer = z.union([
  z.string(),
  z.strictObject({
    text: z.string().default(""),
    tools: z
      .array(z.strictObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()).default({}) }))
      .default([]),
  }),
]);

async function readScript(path: string): Promise<readonly ScriptedAnswer[]> {
  let answers: z.infer<typeof Answer>[];
  try {
    answers = z.array(Answer).parse(parse(await readFile(path, "utf8")));
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split("\n", 1)[0] ?? "") : String(cause);
    throw new ParleyError("E_CONFIG_INVALID", `--llm-script: ${path} holds no list of answers: ${why}`, {
      cause,
    });
  }
  return answers.map((answer) => {
    if (typeof answer === "string") return answer;
    const toolCalls = answer.tools.map(({ name, arguments: args }, index) => ({
      id: `call_${index + 1}`,
      name,
      arguments: args,
    }));
    return { text: answer.text, toolCalls };
  });
}
