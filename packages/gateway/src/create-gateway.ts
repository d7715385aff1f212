import { availableParallelism } from "node:os";
import { endingOf, ParleyError, systemClock } from "@parley/core";
import { createServer } from "@parley/server";
import { toolContext } from "@parley/tool-registry";
import type { ServerOptions } from "@parley/server";
import { createCallDesk } from "./calls/call-desk.ts";
import { callsPath } from "./calls/calls-path.ts";
import { docsRoutes } from "./docs/docs-routes.ts";
import { offerPassword } from "./docs/offer-password.ts";
import type { Gateway, GatewayConfig, GatewayDependencies } from "./gateway.ts";
import { createGroups } from "./groups/groups.ts";
import type { Groups } from "./groups/groups.ts";
import { handToGroup } from "./groups/hand-to-group.ts";
import { showingHeaders } from "./mcp/showing-headers.ts";
import { mcpRoutes } from "./mcp/mcp-routes.ts";
import { overStdio } from "./mcp/over-stdio.ts";
import { createMcpViews } from "./mcp/mcp-views.ts";
import { createViewRegistry } from "./mcp/view-registry.ts";
import { createDocuments } from "./openapi/documents.ts";
import type { SafetyRules } from "./config/safety-config.ts";
import { nothingOffered } from "./pins/definition.ts";
import { createSafety } from "./safety/create-safety.ts";
import type { CallerTokens } from "./policy/caller-tokens.ts";
import { createKeyring } from "./policy/keyring.ts";
import type { Keyring } from "./policy/keyring.ts";
import { everything } from "./policy/view.ts";
import { findTool } from "./rest/find-tool.ts";
import { waitForOwnLists } from "./rest/own-lists.ts";
import { restRoutes } from "./rest/routes.ts";
import { findUpstream } from "./rest/serving.ts";
import type { Serving } from "./rest/serving.ts";
import { serverStates } from "./status.ts";
import { createRoster } from "./upstream/roster.ts";
import type { Roster, RosterOptions } from "./upstream/roster.ts";
import { createRunning } from "./upstream/running.ts";
import { createBusyPoll } from "./watch/busy-poll.ts";
import { createWatch } from "./watch/create-watch.ts";
import { healthOf } from "./watch/health.ts";
import { notReadyFor } from "./watch/readiness.ts";

const defaultTimeoutMs = 300_000;
const defaultGraceMs = 5000;
/** The path of the MCP endpoint for all servers. */
const mcpPath = "/mcp";

/**
 * Puts any set of MCP servers behind one address. It neither listens nor reads the process: the app around it does.
 * @throws `E_CONFIG_INVALID` for unusable keys, prefixes and names
 */
export function createGateway(config: GatewayConfig, deps: GatewayDependencies = {}): Gateway {
  const tokens = tokensFor(config, deps);
  const held = accessOf(config, tokens);
  const keyring = (): Keyring => held.keyring;
  const prefix = prefixOf(config);
  const alone = aloneIn(config);
  const watch = createWatch(deps);
  const busyPoll = createBusyPoll(deps.busyPollMs, availableParallelism());
  const { roster, safety } = openRoster(config, { ...deps, ...watch.hooks, busyPoll }, keyring);
  const rootPath = (config.rootPath ?? "").replace(/\/$/, "");
  const callsAddress = `${rootPath}${prefix}${callsPath}`;
  const desk = openDesk(deps);
  const groups = (): Groups => held.groups;
  const serving: Serving = { roster, keyring, groups, running: createRunning(), desk, callsAddress };
  const { server, views, served } = openMcp(config, deps, {
    ...serving,
    protectedResource: tokens?.protectedResource,
  });
  const settled = allSettled(roster);
  const documents = createDocuments(roster, {
    baseOf: (name) => (alone === undefined ? `${prefix}${encodeURIComponent(name)}` : prefix.slice(0, -1)),
    settings: () => ({
      title: config.name,
      description: config.description,
      version: config.version,
      rootPath,
      pathPrefix: prefix,
      isKeyed: !keyring().isOpen,
    }),
  });
  const { app } = server;
  if (tokens !== undefined) app.addHook("onRequest", ({ headers }) => keyring().prepare(headers));
  waitForOwnLists(app, serving);
  watch.install(app, {
    serving,
    name: config.name ?? "MCP servers",
    pathOf: (name) =>
      alone === undefined ? `${prefix.slice(1)}${encodeURIComponent(name)}/` : prefix.slice(1),
    sessions: () => server.activity().sessions.open + views.sessions,
  });
  if (config.strictAuth === true) offerPassword(app);
  void app.register(
    docsRoutes({
      ...serving,
      documents,
      title: config.name ?? "MCP servers",
      prefix,
      alone,
      isStrict: config.strictAuth ?? false,
    }),
  );
  const isStrict = config.strictAuth ?? false;
  const hand = handToGroup(serving, views);
  void app.register(restRoutes({ ...serving, prefix, alone, isStrict, handToGroup: hand }));
  mcpRoutes(app, { serving, views, path: mcpPath });

  let closed: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    // A call that waits for an answer would be waited for in vain.
    desk.close();
    await Promise.all([
      serving.running.idle(deps.closeGraceMs ?? defaultGraceMs),
      server.close(),
      views.close(),
    ]);
    await roster.close();
  };
  return {
    app,
    get servers() {
      return serverStates(roster, everything);
    },
    tools: (name) =>
      Array.from(roster.upstreams.get(name)?.catalogue.tools.values() ?? [], ({ tool }) => tool),
    offered: (name) => roster.upstreams.get(name)?.offered ?? nothingOffered,
    findings(name) {
      const upstream = roster.upstreams.get(name);
      return upstream === undefined ? [] : safety.findings(upstream);
    },
    refreshPins: () => safety.refreshPins(),
    async call({ server: name, tool, args = {}, signal = new AbortController().signal, ...more }) {
      const { timeoutMs, onProgress } = more;
      const upstream = findUpstream(serving, name, everything);
      const found = await findTool(
        upstream,
        { server: name, tool },
        {
          view: everything,
          ending: endingOf(signal),
          timeoutMs,
        },
      );
      return await upstream.callTool(found, args, {
        context: toolContext({ signal, progress: onProgress }),
        timeoutMs,
      });
    },
    settled,
    listen: (where) => server.listen(where),
    serveStdio: (options = {}) => overStdio({ served, settled }, options),
    async reload(next) {
      const access = accessOf(next, tokens);
      safety.reload(rulesOf(next));
      const change = await roster.replace(next.servers);
      Object.assign(held, access);
      roster.refresh();
      return change;
    },
    close: () => (closed ??= end()),
  };
}

interface Access {
  keyring: Keyring;
  groups: Groups;
}

/** Who may see what. @throws `E_CONFIG_INVALID` for unusable keys, and for a group called as a server is */
function accessOf(
  { servers, keys = [], groups }: Pick<GatewayConfig, "servers" | "keys" | "groups">,
  tokens: CallerTokens | undefined,
): Access {
  const taken = groups?.find(({ name }) => servers.some((server) => server.name === name));
  if (taken !== undefined) {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      `The group ${JSON.stringify(taken.name)} is called as a server is: choose another name.`,
    );
  }
  const known = createGroups(groups);
  return { keyring: createKeyring(keys, known, tokens), groups: known };
}

async function allSettled({ upstreams }: Roster): Promise<void> {
  await Promise.all(Array.from(upstreams.values(), ({ settled }) => settled));
}

/** Nobody is let in who should have been asked for a token. */
function tokensFor(
  { oauth }: GatewayConfig,
  { callerTokens }: GatewayDependencies,
): CallerTokens | undefined {
  if (oauth === undefined || callerTokens !== undefined) return callerTokens;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    "The configuration has oauth: pass callerTokens, made by createCallerTokens of @parley/gateway/oauth.",
  );
}

function openDesk({ clock = systemClock, callTtlMs = 600_000, maxHeldCalls = 1000 }: GatewayDependencies) {
  return createCallDesk({ clock, ttlMs: callTtlMs, maxCalls: maxHeldCalls });
}

function openRoster(
  config: GatewayConfig,
  deps: GatewayDependencies & Pick<RosterOptions, "busyPoll">,
  keyring: () => Keyring,
) {
  const { clock = systemClock, env = {}, version = config.version ?? "1.0" } = deps;
  const held: { roster?: Roster } = {};
  const safety = createSafety(deps.safety ?? {}, rulesOf(config), {
    clock,
    warn: (server, message) => deps.onWarning?.(server, message),
    upstreams: () => held.roster?.upstreams.values() ?? [],
  });
  const roster = createRoster(config.servers, {
    ...deps,
    guard: (upstream) => safety.guard(upstream),
    checkAddress: safety.checkAddress,
    clock,
    env,
    version,
    timeoutMs: config.timeoutMs ?? defaultTimeoutMs,
    isKeyed: () => !keyring().isOpen,
    credentialsOf: (caller, server) => keyring().credentialsOf(caller, server),
  });
  held.roster = roster;
  return { roster, safety };
}

function rulesOf({ limits, network, oauth }: SafetyRules): SafetyRules {
  return { limits, network, oauth };
}

function openMcp(
  config: GatewayConfig,
  deps: GatewayDependencies,
  { protectedResource, ...serving }: Serving & Pick<ServerOptions, "protectedResource">,
) {
  const { roster } = serving;
  const common = {
    name: config.name ?? "parley-gateway",
    version: config.version ?? "1.0",
    protectedResource,
    authenticator: showingHeaders(serving),
    logger: deps.logger,
    observers: deps.observers,
    closeGraceMs: deps.closeGraceMs ?? defaultGraceMs,
    // The time of a call is kept for each server by itself.
    requestTimeoutMs: 0,
    bodyLimitBytes: config.limits?.requestBytes,
  } satisfies Partial<ServerOptions>;
  const only = aloneIn(config);
  const { registry } = createViewRegistry(roster, { view: everything, only, onWarning: deps.onWarning });
  const server = createServer({
    ...common,
    registry,
    path: mcpPath,
    openApi: false,
    allowedHosts: config.allowedHosts,
    corsOrigins: config.corsOrigins,
    https: deps.https,
    metrics: deps.metrics,
    health: () => healthOf(roster, config.strictAuth ?? false),
    notReady: () => notReadyFor(roster, config.strictAuth ?? false),
  });
  // Requests reach them through the one above, whose guard has looked at their host.
  const views = createMcpViews({
    roster,
    common: { ...common, allowedHosts: ["*"], corsOrigins: config.corsOrigins },
    onWarning: deps.onWarning,
  });
  const { name, version, observers } = common;
  return { server, views, served: { name, version, registry, observers } };
}

function aloneIn({ alone, servers }: GatewayConfig): string | undefined {
  return alone === true ? servers[0]?.name : undefined;
}

/** As mcpo takes it: a slash at both ends, whether given or not. */
function prefixOf({ pathPrefix = "/" }: GatewayConfig): string {
  const inner = pathPrefix.replaceAll(/^\/+|\/+$/g, "");
  if (!/^[\w./~-]*$/.test(inner) || inner.includes("//")) {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      `--path-prefix: ${JSON.stringify(pathPrefix)} is no path; write one such as /tools/.`,
    );
  }
  return inner === "" ? "/" : `/${inner}/`;
}
