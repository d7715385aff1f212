import { ExitWith, wasInterrupted } from "@parley/cli";
import type { Io } from "@parley/cli";
import { ExitCode, ParleyError, toParleyError } from "@parley/core";
import { createGateway, createMask, secretsOf } from "@parley/gateway";
import type { Gateway, GatewayKey, GatewayServers, SafetyRules } from "@parley/gateway";
import { createGatewayMetrics } from "@parley/gateway/metrics";
import type { CallerTokens } from "@parley/gateway/oauth";
import { openTls, watchTls } from "@parley/server";
import { announce, describeChange } from "../describe.ts";
import { createLog } from "../log.ts";
import type { Log } from "../log.ts";
import { openSafety } from "../open-safety.ts";
import { openPage } from "../page.ts";
import { readServers } from "../servers.ts";
import { hostOf, readSettings } from "../settings.ts";
import type { Settings } from "../settings.ts";
import { configuredSource } from "../source.ts";
import type { OpenSource, Source } from "../source.ts";
import { version } from "../version.ts";
import { watchText } from "../watch-text.ts";

export interface ServeRequest {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly upstream: readonly string[] | undefined;
  /** Where the servers come from (default the file, or what follows `--`). */
  readonly open?: OpenSource | undefined;
}

/** Serves until it is interrupted. */
export async function serve(request: ServeRequest, io: Io): Promise<void> {
  const settings = await readSettings(request.flags, io);
  const { open = configuredSource, upstream } = request;
  const source = await open({ ...settings, upstream }, io);
  try {
    await serveSource(settings, source, io);
  } finally {
    source.close?.();
  }
  io.endSoon?.();
  if (wasInterrupted(io)) throw new ExitWith(ExitCode.interrupted);
}

async function serveSource(settings: Settings, source: Source, io: Io): Promise<void> {
  const { found } = source;
  const masked = { current: maskOf(settings, found) };
  const log = createLog(settings, io, (text) => masked.current(text));
  const { say } = log;
  for (const warning of [...settings.warnings, ...found.warnings]) say("warn", warning);
  const keysOf = (from: GatewayServers): readonly GatewayKey[] => [...ownKey(settings), ...from.keys];
  const isGuarded = keysOf(found).length > 0 || found.oauth !== undefined;
  const host = settings.stdio ? "" : hostOf(settings, isGuarded);
  const tls = await openCertificate(settings);
  if (tls?.current.warning !== undefined) say("warn", tls.current.warning);
  const safety = await openSafety(settings, (text) => say("warn", text));
  const gateway = createGateway(
    {
      ...configOf(settings, keysOf(found)),
      ...rulesOf(found),
      servers: found.servers,
      groups: found.groups,
      alone: found.alone,
    },
    {
      ...safety.dependencies,
      callerTokens: await openTokens(found),
      version,
      env: settings.environment,
      ca: settings.ca,
      tokenDirectory: settings.tokens,
      startTimeoutMs: settings.startTimeout * 1000,
      busyPollMs: settings.busyPoll === undefined ? undefined : settings.busyPoll / 1000,
      https: tls?.current.https,
      metrics: createGatewayMetrics(),
      logger: log.requests,
      wrapClient: source.wrapClient,
      onStatus: log.status,
      onCall: log.called,
      onWarning: (server, message) => log.sayOf(server, "warn", message),
      onStderr: log.stderr,
      onAuthorize: (server, url) => say("warn", askedFor(server, url, settings)),
    },
  );
  const stops: (() => void)[] = [];
  try {
    stops.push(safety.follow(gateway));
    const onReload = (next: GatewayServers): void => void (masked.current = maskOf(settings, next));
    const following = { settings, source, gateway, keysOf, say, onReload };
    for (const notice of source.notices) say("info", notice);
    if (settings.stdio) {
      stops.push(follow(following, io));
      await gateway.serveStdio({ signal: io.signal });
    } else {
      await openPage(gateway, settings);
      const { url } = await gateway.listen({ host, port: settings.port });
      if (tls !== undefined) stops.push(renew(gateway, tls, say));
      stops.push(follow(following, io));
      say("info", announce(url, found.servers.length, host));
      await interrupted(io.signal);
    }
  } finally {
    for (const stop of stops) stop();
    await gateway.close();
    await safety.close();
  }
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

/** Hides what the configuration says is a secret. */
function maskOf({ key }: Settings, { servers, keys }: GatewayServers): (text: string) => string {
  const mask = createMask([...secretsOf(servers, keys), ...(key === undefined ? [] : [key])]);
  return (text) => mask.text(text);
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
  readonly source: Source;
  readonly gateway: Gateway;
  readonly keysOf: (from: GatewayServers) => readonly GatewayKey[];
  readonly say: Log["say"];
  readonly onReload: (next: GatewayServers) => void;
}

/** Takes up changes of the file, by itself with `--hot-reload` and at SIGHUP. */
function follow({ settings, source, gateway, keysOf, say, onReload }: Following, io: Io): () => void {
  const { config, environment, hotReload } = settings;
  const { found, follows } = source;
  if (config === undefined || !follows) return () => undefined;
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
      onReload(next);
      say("info", describeChange(await gateway.reload({ ...next, keys })));
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

function renew({ app }: Gateway, { files, current }: Certificate, say: Log["say"]): () => void {
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
