import type { OptionValues } from "@parley/cli";
import { ParleyError } from "@parley/core";
import type { ChatModel } from "@parley/llm";
import { createAiModel } from "@parley/llm/ai";
import { createTasks } from "./create-tasks.ts";
import type { Tasks } from "./create-tasks.ts";
import type { tasksOptions } from "./program-options.ts";
import { readServers } from "./servers.ts";

type Settings = OptionValues<typeof tasksOptions>;

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly notice: (text: string) => void;
  readonly transport: string;
}

const keyNames = {
  openai: "OPENAI_API_KEY",
  gemini: "GEMINI_API_KEY",
  anthropic: "ANTHROPIC_API_KEY",
} as const;

/** What the settings of `parley-tasks` describe. */
export async function openTasks(
  settings: Settings,
  { env, notice, transport }: Surroundings,
): Promise<Tasks> {
  const { auto } = settings;
  if (auto && settings.model === undefined) {
    throw new ParleyError("E_CONFIG_INVALID", "--auto lets a model do tasks: give --model NAME too.");
  }
  if (settings.maxCostUsd !== undefined && pricesOf(settings) === undefined) {
    const missing = "--model-input-usd and --model-output-usd";
    throw new ParleyError(
      "E_CONFIG_INVALID",
      `--max-cost-usd cannot be kept without prices: give ${missing} too.`,
    );
  }
  return await createTasks({
    env,
    oneClient: transport === "stdio",
    file: settings.tasks,
    allow: settings.allow,
    workDir: settings.workDir,
    httpAllow: settings.httpAllow.map(originOf),
    servers: settings.servers === undefined ? {} : await readServers(settings.servers),
    model: modelOf(settings.model, settings, env),
    judge: modelOf(settings.judge, settings, env),
    auto,
    limits: { maxConsecutiveFailures: settings.maxFailures, maxCostUsd: settings.maxCostUsd },
    attemptTimeoutMs: Math.round(settings.attemptMinutes * 60_000),
    onError: ({ message }) => notice(message),
  });
}

function originOf(given: string): string {
  if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol)) {
    const example = "https://ci.example.org";
    throw new ParleyError(
      "E_CONFIG_INVALID",
      `--http-allow: ${given} is no origin; write one such as ${example}.`,
    );
  }
  return new URL(given).origin;
}

function pricesOf({ modelInputUsd, modelOutputUsd }: Settings) {
  if (modelInputUsd === undefined || modelOutputUsd === undefined) return undefined;
  return { inputUsdPerMillion: modelInputUsd, outputUsdPerMillion: modelOutputUsd };
}

function modelOf(
  model: string | undefined,
  settings: Settings,
  env: Surroundings["env"],
): ChatModel | undefined {
  if (model === undefined) return undefined;
  const { modelBackend: backend, modelApiBase: apiBase } = settings;
  const keyName = keyNames[backend];
  return createAiModel({
    backend,
    model,
    apiBase,
    keyName,
    apiKey: () => env[keyName],
    prices: pricesOf(settings),
  });
}
