import { pino } from "pino";
import { ParleyError } from "@parley/core";
import { ExitWith } from "@parley/cli";
import type { Io } from "@parley/cli";
import type { Role } from "../program.ts";
import { readSettings } from "../settings.ts";
import { start } from "../start.ts";
import type { Running } from "../start.ts";
import { describeJoin } from "../describe.ts";
import { ownStdout } from "../own-stdout.ts";

/** Runs `mcpserver start` until it is interrupted, refused, or standard input closes. */
export async function runStart(
  flags: Readonly<Record<string, unknown>>,
  io: Io,
  role?: Pick<Role, "roles" | "hint">,
): Promise<void> {
  const settings = await readSettings({ flags, env: io.env });
  if (role && !role.roles.includes(settings.role)) throw new ParleyError("E_CONFIG_INVALID", role.hint);
  const log = pino(
    { level: settings.logLevel, redact: ["token", "secret", "*.token", "*.secret"] },
    pino.destination(2),
  );
  const say = (text: string): void => {
    if (settings.transport === "stdio") log.info(text);
    else io.err(text);
  };
  const output = settings.transport === "stdio" ? ownStdout() : undefined;
  const running = await start(settings, {
    env: io.env,
    output,
    notice: say,
    showSecret: io.interactive ? (secret) => io.err(`Workers join with --join-secret ${secret}`) : undefined,
    onJoin: (state) => {
      const text = describeJoin(state, settings.join ?? "");
      if (text !== undefined) say(text);
    },
  });
  announce(running, settings.role, say);
  const error = await Promise.race([
    running.ended,
    interrupted(io.signal),
    ...(settings.transport === "stdio" ? [hungUp()] : []),
  ]);
  await running.close();
  io.endSoon?.();
  if (error) throw error;
  if (io.signal.aborted && settings.transport !== "stdio") throw new ExitWith(0);
}

function announce(running: Running, role: string, say: (text: string) => void): void {
  if (running.url === undefined) return;
  const what = role === "plain" ? "server" : role === "dual" ? "hub and worker" : role;
  const { url, publicUrl } = running;
  const where = publicUrl === undefined ? url : `${publicUrl} (listening on ${url})`;
  say(`Parley ${what} ready at ${where}`);
}

/** Whoever started a server over stdio has gone, and its terminal with it. */
function hungUp(): Promise<undefined> {
  return new Promise((resolve) => {
    process.once("SIGHUP", () => resolve(undefined));
  });
}

function interrupted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}
