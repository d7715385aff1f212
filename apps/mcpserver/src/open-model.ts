import { ParleyError, toParleyError } from "@parley/core";
import type { HubModel, WorkerReader } from "@parley/fleet";
import type { ChatModel } from "@parley/llm";
import { readSetting } from "./read-setting.ts";
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
  const { llmModel, llmScript, llmReplay, llmKeyFile, llmHourlyTokens: tokensPerHour } = settings;
  if (llmModel === undefined && llmScript === undefined && llmReplay === undefined) return undefined;
  const [{ openModel }, { limitTokens }] = await Promise.all([
    import("@parley/llm/open"),
    import("@parley/llm"),
  ]);
  const key = llmKeyFile === undefined ? undefined : (await readSetting(llmKeyFile, "--llm-key-file")).trim();
  const opened = await openModel(settings, { env, key });
  if (opened.model === undefined) return undefined;
  const limited = limitTokens(opened.model, { tokensPerHour, raisedBy: "--llm-hourly-tokens" });
  const problem = opened.problem();
  const checking = problem.then((error) => error?.message);
  const model = tellFaults(limited, { notice, problem });
  return {
    hub: { model, ...boundsOf(settings, hubTimeoutMs) },
    reader: () => readerOf(model, settings, checking),
  };
}

interface Telling {
  readonly notice: StartDependencies["notice"];
  /** What is known to be missing. */
  readonly problem: Promise<ParleyError | undefined>;
}

/** Says a fault of the model once, until it answers again: callers get it in their answers, the operator nowhere else. */
function tellFaults(model: ChatModel, { notice, problem }: Telling): ChatModel {
  let said: string | undefined;
  void problem.then((error) => {
    if (error !== undefined) notice(`${error.message} Until then rules answer without it.`);
    said = error?.code;
    return said;
  });
  return {
    id: model.id,
    async complete(request, options) {
      try {
        const reply = await model.complete(request, options);
        said = undefined;
        return reply;
      } catch (error) {
        const { code, message } = faultOf(error, { model: model.id, signal: options?.signal });
        if (code !== "E_INTERRUPTED" && code !== said) notice(message);
        if (code !== "E_INTERRUPTED") said = code;
        throw error;
      }
    },
  };
}

/** Whoever asks takes a question back when its time is over too; that one is the model's fault. */
function faultOf(
  error: unknown,
  { model, signal }: { readonly model: string; readonly signal: AbortSignal | undefined },
): ParleyError {
  const reason: unknown = signal?.aborted === true ? signal.reason : undefined;
  const late = reason instanceof Error && reason.name === "TimeoutError";
  return late
    ? new ParleyError(
        "E_LLM_TIMEOUT",
        `The model ${model} did not answer in time: --llm-timeout allows it more.`,
      )
    : toParleyError(error);
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
