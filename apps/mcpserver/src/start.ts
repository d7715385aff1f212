import { toParleyError } from "@parley/core";
import type { ParleyError } from "@parley/core";
import type { Database } from "@parley/databases";
import type { Membership } from "@parley/fleet";
import { createDatabaseTaskStore } from "@parley/mcp-tasks";
import { createServer, serveStdio } from "@parley/server";
import type { AuditLog } from "@parley/server";
import { createRegistry, maskErrors } from "@parley/tool-registry";
import type { Registry } from "@parley/tool-registry";
import { observersOf, openAccess, openAudit } from "./access.ts";
import { loadAll } from "./load/load-all.ts";
import type { Mounts } from "./load/mounts.ts";
import { everywhere, joinIfAsked, missing } from "./membership.ts";
import { installOwn, openOwn } from "./own-part.ts";
import type { OwnPart } from "./own-part.ts";
import { openRoles } from "./open-roles.ts";
import type { Roles } from "./open-roles.ts";
import { openPage } from "./page.ts";
import type { Running, StartDependencies } from "./running.ts";
import type { Settings } from "./settings.ts";
import { openTransport } from "./transport.ts";
import type { Transport } from "./transport.ts";
import { version } from "./version.ts";

/** Starts what the settings describe. It installs no signal handler and never ends the process. */
export async function start(settings: Settings, dependencies: StartDependencies): Promise<Running> {
  const { notice, onFault: report = () => undefined } = dependencies;
  const plain = createRegistry({ onListenerError: (error) => notice(toParleyError(error).message) });
  const registry = settings.maskErrorDetails ? maskErrors(plain, { report }) : plain;
  const closers: (() => Promise<void>)[] = [];
  try {
    const stdio = settings.transport === "stdio";
    const transport = stdio ? undefined : await openTransport(settings, notice);
    const audit = await openAudit(settings, notice);
    if (audit !== undefined) closers.push(() => audit.close());
    const parts = { registry, closers, audit };
    return transport === undefined
      ? await serveOnStdio(settings, dependencies, parts)
      : await serve(settings, dependencies, { ...parts, transport });
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

interface CommonParts {
  readonly registry: Registry;
  /** Run in reverse order. */
  readonly closers: (() => Promise<void>)[];
  readonly audit: AuditLog | undefined;
}

interface Parts extends CommonParts {
  readonly transport: Transport;
}

async function serveOnStdio(
  settings: Settings,
  dependencies: StartDependencies,
  parts: CommonParts,
): Promise<Running> {
  const { registry, closers, audit } = parts;
  await openOwn(dependencies.own, settings, { ...dependencies, registry, closers });
  await loadAll(settings, { ...dependencies, registry, closers });
  const stop = new AbortController();
  const { signal } = stop;
  const { output } = dependencies;
  const observers = observersOf(audit);
  const ended = serveStdio({ ...identityOf(dependencies), registry, output, observers, signal });
  closers.push(async () => {
    stop.abort();
    await ended;
  });
  return {
    ended: ended.then(() => undefined),
    reopenLogs: () => audit?.reopen(),
    close: () => closeAll(closers),
  };
}

async function serve(settings: Settings, dependencies: StartDependencies, parts: Parts): Promise<Running> {
  const { registry, transport, closers, audit } = parts;
  const renewing = setInterval(() => void settings.trust.refresh(), trustRefreshMs).unref();
  closers.push(async () => clearInterval(renewing));
  const { database, worker, hub } = await openRoles(settings, dependencies, parts);
  const own = await openOwn(dependencies.own, settings, { ...dependencies, registry, closers });
  const mounts = await loadAll(settings, { ...dependencies, registry, closers });
  const held: { membership?: Membership | undefined } = {};
  const first = worker === undefined ? [] : [worker.authenticator];
  const access = await openAccess(settings, { ...dependencies, first });
  closers.push(() => access.close());
  const page = await openPage(settings);
  const server = createServer({
    ...access.server,
    observers: [...observersOf(audit), ...page.observers],
    logger: dependencies.logger,
    ...identityOf(dependencies),
    registry,
    ...transport.options,
    path: settings.path,
    notReady: () => [...missing(settings, held.membership), ...mounts.reasons],
    allowedHosts: settings.allowedHosts,
    health: () => healthOf(settings, registry, { ...dependencies, worker, hub, mounts }),
    ...tasksIn(database),
  });
  closers.push(() => server.close());
  transport.watch(server);
  await page.install(server);
  await installOwn(own, server);
  if (hub) await server.app.register(hub.plugin);
  if (hub && worker) await hub.adopt(worker, settings.label);
  await hub?.start();
  const listening = await server.listen({ host: settings.bindHost, port: settings.bindPort });
  const url = `${listening.url}${settings.path}`;
  const { promise: ended, resolve: refuse } = deferred<ParleyError | undefined>();
  const advertised = everywhere.has(settings.bindHost)
    ? `${new URL(url).protocol}//0.0.0.0:${listening.port}${settings.path}`
    : url;
  const publicUrl = settings.baseUrl === undefined ? undefined : `${settings.baseUrl}${settings.path}`;
  const membership =
    worker &&
    joinIfAsked(settings, dependencies, {
      worker,
      url: publicUrl ?? advertised,
      refuse,
      identity: transport.identity,
    });
  // The hub is to send no more calls before those that run are waited for.
  if (membership) closers.push(() => membership.leave());
  held.membership = membership;
  if (settings.transport === "sse") {
    dependencies.notice(`Hosts of 2024 connect to ${settings.baseUrl ?? listening.url}/sse.`);
  }
  const reopenLogs = (): void => audit?.reopen();
  return { url, publicUrl, hub, worker, membership, ended, reopenLogs, close: () => closeAll(closers) };
}

function identityOf({ own }: Pick<StartDependencies, "own">): Omit<OwnPart, "open"> {
  if (own === undefined) return { name: "mcpserver", version };
  const { name, title, instructions } = own;
  return { name, version: own.version, title, instructions };
}

/** Long calls of the roles are kept where their other records are. */
function tasksIn(database: Database | undefined): Pick<Parameters<typeof createServer>[0], "tasks"> {
  return database === undefined ? {} : { tasks: { store: createDatabaseTaskStore(database) } };
}

function healthOf(
  settings: Settings,
  registry: Registry,
  {
    own,
    worker,
    hub,
    mounts: { states },
  }: Roles & Pick<StartDependencies, "own"> & { readonly mounts: Mounts },
): Record<string, unknown> {
  return {
    version: own?.version ?? version,
    mode: settings.role,
    tools: registry.tools.length,
    ...(worker ? { instance: worker.instance, worker_id: worker.id } : {}),
    ...(states === undefined ? {} : { mounts: states }),
    ...hub?.summary(),
  };
}

/** Time between two looks at the files of authorities. */
const trustRefreshMs = 30_000;

async function closeAll(closers: (() => Promise<void>)[]): Promise<void> {
  for (const close of closers.splice(0).toReversed()) await close().catch(() => undefined);
}

function deferred<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  const settled: { resolve?: (value: Value) => void } = {};
  const promise = new Promise<Value>((resolve) => {
    settled.resolve = resolve;
  });
  return { promise, resolve: (value) => settled.resolve?.(value) };
}
