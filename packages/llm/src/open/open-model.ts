import { ParleyError } from "@parley/core";
import { checkAiModel, createAiModel } from "../ai/create-ai-model.ts";
import type { AiBackend, AiModelOptions } from "../ai/options.ts";
import type { ChatModel } from "../port.ts";
import { createRecordingModel, createReplayModel, readRecording } from "../recording.ts";
import { createScriptedModel } from "../scripted.ts";
import { readScript } from "./read-script.ts";

/** Settings by the names of `llmOptions` in `@parley/cli`. */
export interface ModelSettings {
  readonly llmBackend: AiBackend;
  readonly llmModel?: string | undefined;
  readonly llmApiBase?: string | undefined;
  readonly llmInputUsd?: number | undefined;
  readonly llmOutputUsd?: number | undefined;
  readonly llmScript?: string | undefined;
  readonly llmReplay?: string | undefined;
  readonly llmRecord?: string | undefined;
}

/** Options of {@link openModel}. */
export interface OpenModelOptions {
  /** Where keys are: OPENAI_API_KEY, GEMINI_API_KEY or ANTHROPIC_API_KEY. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The key, in place of the variable's. */
  readonly key?: string | undefined;
  /** Answers of a script that were given before. Default 0. */
  readonly answered?: number | undefined;
}

/** A model, and what is to be done when nobody asks it any more. */
export interface OpenModel {
  /** Absent when the settings name none. */
  readonly model: ChatModel | undefined;
  /** What is missing before it can be asked, `E_LLM_KEY` or `E_LLM_DRIVER`; loads what is there, asks nobody. */
  problem(): Promise<ParleyError | undefined>;
  /** Writes the recording, if one is wanted. */
  close(): Promise<void>;
}

const keyNames = {
  openai: "OPENAI_API_KEY",
  gemini: "GEMINI_API_KEY",
  anthropic: "ANTHROPIC_API_KEY",
} as const;

/** The model that the settings name. @throws `E_CONFIG_INVALID`, `E_LLM_RECORDING` */
export async function openModel(settings: ModelSettings, options: OpenModelOptions): Promise<OpenModel> {
  const { llmModel, llmScript, llmReplay, llmRecord } = settings;
  const given = [llmModel, llmScript, llmReplay].filter((one) => one !== undefined);
  if (given.length > 1) {
    throw new ParleyError("E_CONFIG_INVALID", "Give one of --llm-model, --llm-script and --llm-replay.");
  }
  const { model, problem = async () => undefined } = await modelOf(settings, options);
  if (llmRecord === undefined || model === undefined) return { model, problem, close: async () => undefined };
  const recording = createRecordingModel(model);
  return { model: recording, problem, close: async () => await recording.save(llmRecord) };
}

async function modelOf(
  settings: ModelSettings,
  { env, key, answered = 0 }: OpenModelOptions,
): Promise<Pick<OpenModel, "model"> & Partial<Pick<OpenModel, "problem">>> {
  const { llmModel, llmScript, llmReplay } = settings;
  if (llmScript !== undefined) {
    return { model: createScriptedModel((await readScript(llmScript)).slice(answered)) };
  }
  if (llmReplay !== undefined) return { model: createReplayModel(await readRecording(llmReplay)) };
  if (llmModel === undefined) return { model: undefined };
  const options = aiOptions(llmModel, settings, { env, key });
  return { model: createAiModel(options), problem: () => checkAiModel(options) };
}

function aiOptions(
  model: string,
  settings: ModelSettings,
  { env, key }: Pick<OpenModelOptions, "env" | "key">,
): AiModelOptions {
  const { llmBackend: backend, llmApiBase: apiBase, llmInputUsd, llmOutputUsd } = settings;
  const variable = keyNames[backend];
  const prices =
    llmInputUsd === undefined || llmOutputUsd === undefined
      ? undefined
      : { inputUsdPerMillion: llmInputUsd, outputUsdPerMillion: llmOutputUsd };
  const keyName = key === undefined ? variable : "--llm-key-file";
  return { backend, model, apiBase, keyName, apiKey: () => key ?? env[variable], prices };
}
