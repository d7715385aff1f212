import { ParleyError } from "@parley/core";
import { openModel } from "@parley/llm/open";
import type { ModelSettings } from "@parley/llm/open";
import { asksModel, createChoice, findStrategy } from "@parley/selection";
import type { Strategy } from "@parley/selection";
import type { CommandInput } from "./dependencies.ts";
import { isOwnStrategy, loadStrategy } from "./own-strategy.ts";

/** How to choose, as flags say it. */
export interface ChoiceSettings extends ModelSettings {
  readonly select: readonly string[];
  readonly seed?: string | undefined;
  /** Seconds. */
  readonly llmTimeout: number;
  readonly llmMaxTokens: number;
}

/** How to choose, with what it needs open. */
export interface Choice {
  readonly select: readonly string[];
  readonly seed?: string | undefined;
  readonly pipeline: Strategy;
  /** Whether it takes this process: a strategy is the caller's own, or asks the caller's model. */
  readonly here: boolean;
  /** Whether the hub is asked first, as nobody named a model here and it may have one. */
  readonly hubFirst: boolean;
}

/**
 * Opens what a choice needs before anybody is asked, and closes it after the work.
 * @throws {@link ParleyError} `E_SELECT_UNKNOWN`, `E_TOOL_LOAD`, `E_CONFIG_INVALID`, `E_LLM_RECORDING`
 */
export async function withChoice(
  { io, flags }: Pick<CommandInput, "io" | "flags">,
  settings: ChoiceSettings,
  work: (choice: Choice) => Promise<void>,
): Promise<void> {
  const { select, seed } = settings;
  const strategies = await Promise.all(
    select.map(async (name) => (isOwnStrategy(name) ? loadStrategy(name) : findStrategy(name))),
  );
  const asking = strategies.some((strategy) => asksModel(strategy));
  if (!asking) refuseModel(flags);
  const opened = asking ? await openModel(settings, { env: io.env }) : undefined;
  const own = select.some((name) => isOwnStrategy(name));
  const here = asking || own;
  const hubFirst = asking && !own && opened?.model === undefined;
  const pipeline = createChoice(strategies, {
    model: opened?.model,
    noModel: "no model is named: give --llm-model NAME",
    timeoutMs: settings.llmTimeout * 1000,
    maxTokens: settings.llmMaxTokens,
  });
  try {
    await work({ select, seed, here, hubFirst, pipeline });
  } finally {
    await opened?.close();
  }
}

/** A model that nobody would ask is a mistake; variables may name one for other commands. */
function refuseModel(flags: CommandInput["flags"]): void {
  const names = { llmModel: "--llm-model", llmScript: "--llm-script", llmReplay: "--llm-replay" };
  const given = Object.entries(names).find(([key]) => flags[key] !== undefined);
  if (given === undefined) return;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `${given[1]} is for --select agentic: add it, or leave the model out.`,
  );
}
