import { ExitWith, resolveOptions } from "@parley/cli";
import type { Io } from "@parley/cli";
import { ExitCode } from "@parley/core";
import { warmServers } from "@parley/gateway";
import type { Warmed } from "@parley/gateway";
import { pickServers } from "../open-servers.ts";
import { serveOptions, warmOptions } from "../options.ts";
import { findServers } from "../servers.ts";
import { readSettings } from "../settings.ts";
import { version } from "../version.ts";

export interface WarmRequest {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly upstream: readonly string[] | undefined;
  readonly only: readonly string[];
}

/** Starts every program once and says how that went; ends with 4 when one does not answer. */
export async function warm({ flags, upstream, only }: WarmRequest, io: Io): Promise<void> {
  const settings = await readSettings(flags, io);
  const { values } = resolveOptions({ ...serveOptions, ...warmOptions }, { flags, env: io.env });
  const found = await findServers({ ...values, upstream }, settings.environment);
  const warmed = await warmServers(pickServers(found.servers, only), {
    version,
    env: settings.environment,
    startTimeoutMs: values.startTimeout * 1000,
    concurrency: values.parallel,
    signal: io.signal,
    onStart: ({ name }) => io.err(`${name}: starting`),
    onStderr: (name, line) => io.err(plain(`[${name}] ${line}`)),
    onEnd: (one) => io.err(plain(lineOf(one))),
  });
  if (flags["json"] === true) io.out(JSON.stringify({ servers: warmed }, undefined, 2));
  else io.out(summaryOf(warmed));
  io.endSoon?.();
  if (warmed.some(({ state }) => state === "failed")) throw new ExitWith(ExitCode.unreachable);
}

function lineOf({ name, state, reason, tools, elapsedMs }: Warmed): string {
  const seconds = (elapsedMs / 1000).toFixed(1);
  if (state === "ready") return `${name}: ready after ${seconds} s with ${tools} tools`;
  return `${name}: failed after ${seconds} s: ${reason ?? "it says no more."}`;
}

function summaryOf(warmed: readonly Warmed[]): string {
  const count = (wanted: Warmed["state"]): number => warmed.filter(({ state }) => state === wanted).length;
  return `${count("ready")} started and answered, ${count("failed")} failed, ${count("skipped")} need no start here.`;
}

/** What programs say is untrusted: no control character of theirs reaches a terminal. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ");
}
