import { ParleyError } from "@parley/core";
import { type Call, type CallOptions, openCall } from "./call.ts";
import { accountCommands } from "./commands/account.ts";
import { requireKey } from "./settings.ts";

/** What {@link checkTensorPool} found: one sentence each. */
export interface CheckReport {
  readonly ok: boolean;
  readonly sentences: readonly string[];
}

const reachMs = 15_000;

/** Checks the program, the network and the key, and changes nothing. Each finding is one sentence. */
export async function checkTensorPool(options: CallOptions = {}): Promise<CheckReport> {
  const call = openCall(options);
  const steps = [checkBackend, checkReach(options), checkKey];
  const found = [];
  for (const step of steps) found.push(await judge(step, call));
  return { ok: found.every(({ ok }) => ok), sentences: found.map(({ sentence }) => sentence) };
}

type Step = (call: Call) => Promise<string>;

async function judge(step: Step, call: Call): Promise<{ ok: boolean; sentence: string }> {
  try {
    return { ok: true, sentence: await step(call) };
  } catch (error) {
    if (!ParleyError.isInstance(error)) throw error;
    return { ok: false, sentence: error.message };
  }
}

async function checkBackend(call: Call): Promise<string> {
  const { program, tp } = await call.backend.version(call);
  if (tp === undefined) return "The HTTP API is used, without the tp program.";
  return `The tp program is ${program ?? ""}, version ${tp.version}, of the ${tp.generation} generation.`;
}

/** `/healthz` is the one path that asks for no key. */
function checkReach({ fetch: send = fetch }: CallOptions): Step {
  return async ({ settings, signal }) => {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(reachMs)]);
    try {
      const response = await send(`${settings.engine}/healthz`, { signal: limited, redirect: "error" });
      await response.body?.cancel();
      return `The engine ${settings.engine} can be reached.`;
    } catch (cause) {
      throw new ParleyError(
        "E_ENGINE_UNREACHABLE",
        `The engine ${settings.engine} cannot be reached: check the network and TENSORPOOL_ENGINE.`,
        { cause },
      );
    }
  };
}

async function checkKey(call: Call): Promise<string> {
  requireKey(call.settings);
  const { message } = await call.backend.send(accountCommands.me(), call);
  return `The key is good: ${message.replace(/\s+/g, " ").slice(0, 200)}`;
}
