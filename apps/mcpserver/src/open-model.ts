import type { HubModel, WorkerReader } from "@parley/fleet";
import type { ChatModel } from "@parley/llm";
import type { StartDependencies } from "./running.ts";
import type { Settings } from "./settings.ts";

const hubTimeoutMs = 30_000;
/** Below the 10 s a hub waits for a worker, with time for the site itself. */
const workerTimeoutMs = 4000;

/** The model of a hub, a worker, or both. */
export interface ServerModel {
  readonly hub: HubModel;
  reader(): Promise<WorkerReader>;
}

/** The model that the settings name, if they do; without one nothing of models is loaded. @throws `E_CONFIG_INVALID`, `E_LLM_RECORDING` */
export async function openServerModel(
  settings: Settings,
  { env, notice }: Pick<StartDependencies, "env" | "notice">,
): Promise<ServerModel | undefined> {
  const { llmModel, llmScript, llmReplay, llmHourlyTokens: tokensPerHour } = settings;
  if (llmModel === undefined && llmScript === undefined && llmReplay === undefined) return undefined;
  const [{ openModel }, { limitTokens }] = await Promise.all([
    import("@parley/llm/open"),
    import("@parley/llm"),
  ]);
  const opened = await openModel(settings, { env });
  if (opened.model === undefined) return undefined;
  const model = limitTokens(opened.model, { tokensPerHour, raisedBy: "--llm-hourly-tokens" });
  const checking = opened.problem().then((error) => error?.message);
  void checking.then((text) =>
    text === undefined ? undefined : notice(`${text} Until then rules answer without it.`),
  );
  return {
    hub: { model, ...boundsOf(settings, hubTimeoutMs) },
    reader: () => readerOf(model, settings, checking),
  };
}

async function readerOf(
  model: ChatModel,
  settings: Settings,
  checking: Promise<string | undefined>,
): Promise<WorkerReader> {
  const { createWordReader } = await import("@parley/secretary/model");
  const reader = createWordReader({ model, ...boundsOf(settings, workerTimeoutMs) });
  return { ...reader, problem: () => checking };
}

function boundsOf({ llmTimeout, llmMaxTokens }: Settings, timeoutMs: number): Omit<HubModel, "model"> {
  return {
    timeoutMs: llmTimeout === undefined ? timeoutMs : llmTimeout * 1000,
    ...(llmMaxTokens === undefined ? {} : { maxTokens: llmMaxTokens }),
  };
}
