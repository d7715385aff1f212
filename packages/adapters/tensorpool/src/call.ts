import { type Database, createJsonDatabase } from "@parley/databases";
import { createRun } from "@parley/exec";
import type { ToolContext } from "@parley/tool-registry";
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Backend, BackendCall } from "./backend.ts";
import { type ProbeCache, createProbeCache } from "./cli/capabilities.ts";
import { createCliBackend } from "./cli/cli-backend.ts";
import { createHttpBackend } from "./http/http-backend.ts";
import { type LeaseBook, createLeaseBook } from "./leases.ts";
import type { TensorPoolOptions } from "./options.ts";
import { type Redact, createRedact } from "./redact.ts";
import { type Settings, readSettings } from "./settings.ts";
import { cleanText } from "./text.ts";

/** What a running operation works with. */
export interface Call extends BackendCall {
  readonly settings: Settings;
  readonly backend: Backend;
  readonly leases: LeaseBook;
  readonly redact: Redact;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  newId(): string;
}

/** Options of an operation called as a function. */
export interface CallOptions extends TensorPoolOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ToolContext["progress"] | undefined;
}

/** What calls of one toolkit share. */
export interface Shared {
  readonly probes: ProbeCache;
  /** Told of every change of a lease, so that deadlines are kept. */
  changed?: (() => void) | undefined;
}

/** Makes the call of an operation, from the options and the environment as they are now. @throws `E_CONFIG_INVALID` */
export function openCall(options: CallOptions, shared: Shared = { probes: createProbeCache() }): Call {
  const settings = readSettings(options);
  const signal = options.signal ?? new AbortController().signal;
  const redact = createRedact([settings.key]);
  const sleep = options.sleep ?? pause;
  const newId = options.newId ?? randomUUID;
  const now = options.now ?? Date.now;
  const database = options.database ?? stateOf(settings);
  return {
    settings,
    signal,
    redact,
    backend: createBackend({ ...options, probes: shared.probes }, { settings, redact, sleep, newId }),
    leases: createLeaseBook({ database, now, newId, changed: () => shared.changed?.() }),
    now,
    sleep: (ms) => sleep(ms, signal),
    newId,
    onMessage: countMessages(options.progress, redact),
  };
}

/** Opens nothing until something is read or written. */
function stateOf({ stateDirectory }: Settings): Database {
  return createJsonDatabase({ directory: stateDirectory });
}

interface Parts {
  readonly settings: Settings;
  readonly redact: Redact;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly newId: () => string;
}

function createBackend(
  { run, fetch, env = process.env, probes }: TensorPoolOptions & { readonly probes: ProbeCache },
  parts: Parts,
): Backend {
  if (parts.settings.backend === "http") return createHttpBackend({ ...parts, fetch });
  return createCliBackend({ ...parts, fetch, env, run: run ?? createRun(), probes });
}

/** Turns what the engine says into progress, whose number must grow. */
function countMessages(progress: ToolContext["progress"] | undefined, redact: Redact): Call["onMessage"] {
  let count = 0;
  return (message) => progress?.(++count, undefined, cleanText(redact(message)).slice(0, 2000));
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal });
}
