import { pino } from "pino";
import type { Logger } from "pino";
import { ExitWith, wasInterrupted } from "@parley/cli";
import type { Io } from "@parley/cli";
import { ExitCode, ParleyError, toParleyError } from "@parley/core";
import { createGateway } from "@parley/gateway";
import type { Gateway, GatewayKey, GatewayServers, SafetyRules, UpstreamStatus } from "@parley/gateway";
import type { CallerTokens } from "@parley/gateway/oauth";
import { openTls, watchTls } from "@parley/server";
import { createMetrics } from "@parley/server/metrics";
import { announce, describeChange } from "../describe.ts";
import { openSafety } from "../open-safety.ts";
import { findServers, readServers } from "../servers.ts";
import type { FoundServers } from "../servers.ts";
import { hostOf, readSettings } from "../settings.ts";
import type { Settings } from "../settings.ts";
import { version } from "../version.ts";
import { watchText } from "../watch-text.ts";

export interface ServeRequest {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly upstream: readonly string[] | undefined;
}

/** Serves until it is interrupted. */
export async function serve({ flags, upstream }: ServeRequest, io: Io): Promise<void> {
  const settings = await readSettings(flags, io);
  const found = await findServers({ ...settings, upstream }, settings.environment);
  const say = sayingAt(settings, io);
  for (const warning of [...settings.warnings, ...found.warnings]) say("warn", warning);
  const keysOf = (from: GatewayServers): readonly GatewayKey[] => [...ownKey(settings), ...from.keys];
  const host = hostOf(settings, keysOf(found).length > 0 || found.oauth !== undefined);
  const tls = await openCertificate(settings);
  if (tls?.current.warning !== undefined) say("warn", tls.current.warning);
  const safety = await openSafety(settings, (text) => say("warn", text));
  const gateway = createGateway(
    { ...configOf(settings, keysOf(found)), ...rulesOf(found), servers: found.servers, alone: found.alone },
    {
      ...safety.dependencies,
      callerTokens: await openTokens(found),
      version,
      env: settings.environment,
      ca: settings.ca,
      tokenDirectory: settings.tokens,
      https: tls?.current.https,
      metrics: createMetrics(),
      logger: loggerAt(settings),
      onStatus: (server, status) => sayStatus(say, server, status),
      onWarning: (server, message) => say("warn", `${server}: ${message}`),
      onStderr: (server, line) => say("info", `[${server}] ${line}`),
      onAuthorize: (server, url) => say("warn", askedFor(server, url, settings)),
    },
  );
  const stops: (() => void)[] = [];
  try {
    const { url } = await gateway.listen({ host, port: settings.port });
    if (tls !== undefined) stops.push(renew(gateway, tls, say));
    stops.push(safety.follow(gateway));
    stops.push(follow({ settings, found, gateway, keysOf, say }, io));
    say("info", announce(url, found.servers.length, host));
    await interrupted(io.signal);
  } finally {
    for (const stop of stops) stop();
    await gateway.close();
    await safety.close();
  }
  io.endSoon?.();
  if (wasInterrupted(io)) throw new ExitWith(ExitCode.interrupted);
}

/** Where the browser is on another machine, its way back ends there. */
function askedFor(server: string, { href }: URL, { config }: Settings): string {
  const elsewhere =
    config === undefined ? "" : `; without a browser here: mcpo authorize ${server} --config ${config}`;
  return `${server} asks for access; open ${href}${elsewhere}`;
}

function rulesOf({ limits, network, oauth }: GatewayServers): SafetyRules {
  return { limits, network, oauth };
}

async function openTokens({ oauth }: GatewayServers): Promise<CallerTokens | undefined> {
  if (oauth === undefined) return undefined;
  const { createCallerTokens } = await import("@parley/gateway/oauth");
  return createCallerTokens(oauth);
}

type Say = (level: "info" | "warn", text: string) => void;

function sayingAt({ logLevel }: Settings, io: Io): Say {
  const rank = pinoLevel(logLevel);
  const isQuiet = rank === "error" || rank === "fatal";
  return (level, text) => {
    if (isQuiet || (level === "info" && rank === "warn")) return;
    // What servers say is untrusted: no control character of theirs reaches a terminal.
    io.err(text.replaceAll(/\p{Cc}+/gu, " "));
  };
}

/** pino's words for those of Python. */
const pinoLevels = {
  debug: "debug",
  info: "info",
  warning: "warn",
  error: "error",
  critical: "fatal",
} as const;

function pinoLevel(level: Settings["logLevel"]): (typeof pinoLevels)[keyof typeof pinoLevels] {
  return pinoLevels[level];
}

/** Requests are logged with `--log-level debug`; otherwise faults alone are. */
function loggerAt({ logLevel }: Settings): Logger {
  const level = pinoLevel(logLevel);
  return pino({ level: level === "info" ? "warn" : level }, pino.destination(2));
}

function sayStatus(say: Say, server: string, { state, reason }: UpstreamStatus): void {
  if (state === "closed" || state === "connecting") return;
  say(state === "ready" ? "info" : "warn", `${server}: ${state}${reason === undefined ? "" : `: ${reason}`}`);
}

function ownKey({ key }: Settings): readonly GatewayKey[] {
  return key === undefined ? [] : [{ name: "api-key", key, servers: [], tools: [] }];
}

function configOf(settings: Settings, keys: readonly GatewayKey[]) {
  const {
    strictAuth,
    name,
    description,
    version: documentVersion,
    pathPrefix,
    rootPath,
    allowedHosts,
  } = settings;
  if (strictAuth && keys.length === 0) {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      "--strict-auth needs a key: set MCPO_API_KEY or pass --api-key-file.",
    );
  }
  return {
    keys,
    strictAuth,
    name,
    description,
    version: documentVersion,
    pathPrefix,
    rootPath,
    allowedHosts,
    // Without a key, a page from anywhere could call the tools of whoever opens it.
    corsOrigins: settings.corsAllowOrigins ?? (keys.length > 0 ? ["*"] : []),
    timeoutMs: settings.timeout * 1000,
  };
}

interface Following {
  readonly settings: Settings;
  readonly found: FoundServers;
  readonly gateway: Gateway;
  readonly keysOf: (from: GatewayServers) => readonly GatewayKey[];
  readonly say: Say;
}

/** Takes up changes of the file, by itself with `--hot-reload` and at SIGHUP. */
function follow({ settings, found, gateway, keysOf, say }: Following, io: Io): () => void {
  const { config, environment, hotReload } = settings;
  if (config === undefined) return () => undefined;
  const isKeyed = keysOf(found).length > 0;
  const reload = async (): Promise<void> => {
    try {
      const next = await readServers(config, environment);
      const keys = keysOf(next);
      if (isKeyed && keys.length === 0) {
        throw new ParleyError(
          "E_CONFIG_INVALID",
          `${config}: no key is left; start anew to serve without one.`,
        );
      }
      for (const warning of next.warnings) say("warn", warning);
      say("info", describeChange(await gateway.reload({ ...rulesOf(next), servers: next.servers, keys })));
    } catch (thrown) {
      say("warn", `The configuration in use stays: ${toParleyError(thrown).message}`);
    }
  };
  const unhook = io.onHangUp?.(() => void reload()) ?? ((): void => undefined);
  const stop = hotReload ? watchText({ path: config, text: found.text ?? "", onChange: reload }) : undefined;
  return () => {
    unhook();
    stop?.();
  };
}

interface Certificate {
  readonly files: { readonly keyFile: string; readonly certFile: string };
  readonly current: Awaited<ReturnType<typeof openTls>>;
}

async function openCertificate({ sslCertfile, sslKeyfile }: Settings): Promise<Certificate | undefined> {
  if (sslCertfile === undefined && sslKeyfile === undefined) return undefined;
  if (sslCertfile === undefined || sslKeyfile === undefined) {
    const missing = sslCertfile === undefined ? "--ssl-certfile" : "--ssl-keyfile";
    throw new ParleyError(
      "E_CONFIG_INVALID",
      `${missing} is missing: https needs certificate and key together.`,
    );
  }
  const files = { keyFile: sslKeyfile, certFile: sslCertfile };
  return { files, current: await openTls(files) };
}

function renew({ app }: Gateway, { files, current }: Certificate, say: Say): () => void {
  const watcher = watchTls(app.server, {
    files,
    current,
    onReload: ({ warning }) => say("info", warning ?? `Took up the new certificate of ${files.certFile}.`),
    onFault: ({ message }) => say("warn", `The certificate in use stays: ${message}`),
  });
  return () => watcher.close();
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
