import type { ToolContext } from "@parley/tool-registry";
import { setTimeout as delay } from "node:timers/promises";
import { type NomadClient, createClient } from "./client.ts";
import { type ConfigStore, directoryConfigs } from "./config-store.ts";
import type { NomadOptions } from "./options.ts";

/** What a running operation works with. */
export interface Call {
  readonly nomad: NomadClient;
  readonly signal: AbortSignal;
  readonly allowVariableReads: boolean;
  /** How long to wait where the caller does not say, in seconds. */
  readonly patienceSeconds: number;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  progress: ToolContext["progress"];
  /** @throws `E_CONFIG_INVALID` when no store is configured */
  configs(): ConfigStore;
}

/** Options of an operation called as a function. */
export interface CallOptions extends NomadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ToolContext["progress"] | undefined;
  /** Whether the call may take as long as it needs; default false: within a minute. */
  readonly mayOutlive?: boolean | undefined;
}

/** Longest a call waits that nobody waits for, in seconds: a day, as long as a task may run. */
const endlessSeconds = 86_400;
const briefSeconds = 30;

/** Makes the call of an operation; the caller closes its `nomad` unless it brought one. */
export function openCall(options: CallOptions, nomad: NomadClient = createClient(options)): Call {
  const signal = options.signal ?? new AbortController().signal;
  const sleep = options.sleep ?? pause;
  return {
    nomad,
    signal,
    allowVariableReads: options.allowVariableReads ?? false,
    patienceSeconds: options.mayOutlive === true ? endlessSeconds : briefSeconds,
    now: options.now ?? Date.now,
    sleep: (ms) => sleep(ms, signal),
    progress: options.progress ?? (() => undefined),
    configs: () => options.configs ?? directoryConfigs((options.env ?? process.env)["NOMAD_CONFIG_DIR"]),
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal });
}
