import { ParleyError } from "@parley/core";
import type { Origin } from "@parley/cli";
import type { Settings } from "./settings.ts";

const flags = { llmModel: "--llm-model", llmScript: "--llm-script", llmReplay: "--llm-replay" } as const;

/** Refuses a model that nobody would ask; variables may name one for other commands. @throws `E_CONFIG_INVALID` */
export function refuseIdleModel(
  { role, llmModel, llmScript, llmReplay }: Settings,
  origins: Readonly<Record<keyof typeof flags, Origin>>,
): void {
  const given = Object.entries({ llmModel, llmScript, llmReplay }).filter(([, value]) => value !== undefined);
  if (role !== "plain" && given.length > 1) {
    throw new ParleyError("E_CONFIG_INVALID", "Give one of --llm-model, --llm-script and --llm-replay.");
  }
  const idle = (["llmModel", "llmScript", "llmReplay"] as const).find((key) => origins[key] === "flag");
  if (role !== "plain" || idle === undefined) return;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `${flags[idle]} is for a hub, which ranks offers with it, and a worker, which reads requests with it: add --hub or --join, or leave the model out.`,
  );
}
