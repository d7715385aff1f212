import { pino } from "pino";
import { ExitCode, ParleyError } from "@parley/core";
import { ExitWith, wasInterrupted } from "@parley/cli";
import type { Io } from "@parley/cli";
import type { OwnOptions, SettingsSources } from "../config.ts";
import { needsRestart } from "../load/needs-restart.ts";
import type { OwnPart } from "../own-part.ts";
import type { Role } from "../program.ts";
import { readSettings } from "../settings.ts";
import type { Settings } from "../settings.ts";
import type { Running, StartDependencies } from "../running.ts";
import type { start as startServer } from "../start.ts";
import { describeJoin } from "../describe.ts";
import { ownStdout } from "../own-stdout.ts";
import { watchStrayFaults } from "../stray-faults.ts";

/** What a program that runs `mcpserver start` under its own name may set. */
export interface RunStartOptions {
  readonly defaults?: SettingsSources["defaults"];
  /** Roles the settings may come to; others are refused with its hint. */
  readonly role?: Pick<Role, "roles" | "hint"> | undefined;
  /** A program with options and items of its own. */
  readonly own?: (OwnPart & OwnOptions) | undefined;
}

/** Runs `mcpserver start` until it is interrupted, refused, or standard input closes. */
export async function runStart(
  flags: Readonly<Record<string, unknown>>,
  io: Io,
  { defaults, role, own }: RunStartOptions = {},
): Promise<void> {
  const sources = { flags, env: io.env, defaults, own };
  if (flags["printConfig"] === true) {
    const { printConfig } = await import("./seldom.ts");
    return printConfig(sources, io);
  }
  const settings = await readSettings(sources);
  if (role && !role.roles.includes(settings.role)) throw new ParleyError("E_CONFIG_INVALID", role.hint);
  const log = pino(
    { level: settings.logLevel, redact: ["token", "secret", "*.token", "*.secret"] },
    pino.destination(2),
  );
  const say = (text: string): void => {
    if (settings.transport === "stdio") log.info(text);
    else if (!settings.quiet) io.err(text);
  };
  for (const warning of settings.warnings) say(warning);
  const { start } = await starter(settings.role);
  const running = await start(settings, {
    ...dependenciesOf(settings, io, say),
    own,
    logger: log,
    reread: async () => {
      const edited = await readSettings(sources);
      const hint = needsRestart(settings, edited, own?.options);
      if (hint !== undefined) say(hint);
      return edited;
    },
    onFault: ({ error: err, ...fault }) => log.error({ err, ...fault }, "unexpected error"),
  });
  if (isRotated(settings)) io.onHangUp?.(() => running.reopenLogs());
  if (running.url === undefined) sayWaiting(own?.name, io);
  else announce(running, own?.name ?? titleOf(settings.role), say);
  const stray = watchStrayFaults((text, err) => log.error({ err }, text));
  const error = await Promise.race([
    running.ended,
    stray.thrown,
    interrupted(io.signal),
    ...(settings.transport === "stdio" ? [hungUp()] : []),
  ]);
  await running.close();
  stray.stop();
  io.endSoon?.();
  if (error) throw error;
  if (wasInterrupted(io)) throw new ExitWith(ExitCode.interrupted);
}

/** What a start says and to whom. */
function dependenciesOf(settings: Settings, io: Io, say: (text: string) => void): StartDependencies {
  return {
    env: io.env,
    output: settings.transport === "stdio" ? ownStdout() : undefined,
    notice: say,
    showSecret: io.interactive ? (secret) => io.err(`Workers join with --join-secret ${secret}`) : undefined,
    onJoin: (state) => {
      const text = describeJoin(state, settings.join ?? "");
      if (text !== undefined) say(text);
    },
  };
}

/** Whether a hang-up means that the audit log was moved away; elsewhere it means that the terminal has gone. */
function isRotated({ transport, auditLog }: Settings): boolean {
  return transport !== "stdio" && auditLog !== undefined && auditLog !== "-";
}

/** A plain server is bundled with the command, to be there at once; the other roles are this package as a library. */
function starter(role: Settings["role"]): Promise<{ readonly start: typeof startServer }> {
  return role === "plain" ? import("../start.ts") : import("@parley/mcpserver");
}

function titleOf(role: Settings["role"]): string {
  return `Parley ${role === "plain" ? "server" : role === "dual" ? "hub and worker" : role}`;
}

/** A person who starts an adapter by hand sees nothing else of it. */
function sayWaiting(name: string | undefined, io: Io): void {
  if (name === undefined || !io.interactive) return;
  io.err(`${name} waits for an MCP client on standard input; with --port 0 it serves over HTTP.`);
}

function announce(running: Running, what: string, say: (text: string) => void): void {
  const { url, publicUrl } = running;
  const where = publicUrl === undefined ? url : `${publicUrl} (listening on ${url})`;
  say(`${what} ready at ${where}`);
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
