import { setTimeout as sleep } from "node:timers/promises";
import { serveStdio } from "@parley/server";
import type { ServeStdioOptions } from "@parley/server";

/** Where a gateway speaks to the one client at the other end of a pipe, and until when. */
export type GatewayStdioOptions = Pick<ServeStdioOptions, "input" | "output" | "signal">;

interface OverStdio {
  readonly served: Pick<ServeStdioOptions, "name" | "version" | "registry" | "observers">;
  /** Resolves when every server has been tried once. */
  readonly settled: Promise<void>;
}

/** Many clients list tools once, when they start: servers that answer soon are to be in that list. */
const patienceMs = 5000;

/** Serves everything to one client over stdio; its time for calls is kept for each server by itself. */
export async function overStdio({ served, settled }: OverStdio, options: GatewayStdioOptions): Promise<void> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const late = sleep(patienceMs, undefined, { signal, ref: false }).catch(() => undefined);
  await Promise.race([settled, late]);
  waiting.abort();
  await serveStdio({ ...served, requestTimeoutMs: 0, ...options });
}
