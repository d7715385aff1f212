import type { Writable } from "node:stream";
import { systemClock, toParleyError } from "@parley/core";
import type { Clock, ParleyError } from "@parley/core";
import type { Database } from "@parley/databases";
import type { Hub, JoinState, Membership, Worker } from "@parley/fleet";
import { createDatabaseTaskStore } from "@parley/mcp-tasks";
import { createServer, serveStdio } from "@parley/server";
import type { AuditLog, ServerOptions } from "@parley/server";
import { createRegistry, maskErrors } from "@parley/tool-registry";
import type { MaskedFault, Registry } from "@parley/tool-registry";
import { observersOf, openAccess, openAudit } from "./access.ts";
import { loadAll } from "./load/load-all.ts";
import type { Mounts } from "./load/mounts.ts";
import { openPage } from "./page.ts";
import { ownSecret } from "./secret.ts";
import type { Settings } from "./settings.ts";
import { openSite } from "./site.ts";
import { makeStateDirectory } from "./state-directory.ts";
import { openTransport } from "./transport.ts";
import type { Transport } from "./transport.ts";
import { version } from "./version.ts";

export interface StartDependencies {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock | undefined;
  /** One line for the operator. */
  readonly notice: (text: string) => void;
  /** Told of faults and, at level info, of requests; default: nobody. */
  readonly logger?: ServerOptions["logger"];
  /** The generated join secret, to be shown once on a terminal. */
  readonly showSecret?: ((secret: string) => void) | undefined;
  /** What the protocol writes to over stdio; default standard output. */
  readonly output?: Writable | undefined;
  readonly onJoin?: ((state: JoinState) => void) | undefined;
  /** An unexpected error whose details were kept from the client (`maskErrorDetails`). */
  readonly onFault?: ((fault: MaskedFault) => void) | undefined;
  /** Reads the settings again, for `--watch`; absent means that only loaded files are read again. */
  readonly reread?: (() => Promise<Settings>) | undefined;
  /** How often watched files are looked at, in milliseconds. Default 500. */
  readonly watchEveryMs?: number | undefined;
}

/** A running `mcpserver start`. */
export interface Running {
  /** Address of the MCP endpoint; absent over stdio. */
  readonly url?: string | undefined;
  /** What clients use in its place, with `--base-url`. */
  readonly publicUrl?: string | undefined;
  readonly hub?: Hub | undefined;
  readonly worker?: Worker | undefined;
  readonly membership?: Membership | undefined;
  /** Settles when standard input closes (stdio) or the hub refuses the worker for good. */
  readonly ended: Promise<ParleyError | undefined>;
  /** Opens the audit log anew under its name, after something has moved it away. */
  reopenLogs(): void;
  /** Leaves the hub, drains, closes the store. Jobs go on. Safe to call twice. */
  close(): Promise<void>;
}

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

interface Roles {
  readonly database?: Database | undefined;
  readonly worker?: Worker | undefined;
  readonly hub?: Hub | undefined;
}

async function serveOnStdio(
  settings: Settings,
  dependencies: StartDependencies,
  parts: CommonParts,
): Promise<Running> {
  const { registry, closers, audit } = parts;
  await loadAll(settings, { ...dependencies, registry, closers });
  const stop = new AbortController();
  const { signal } = stop;
  const { output } = dependencies;
  const observers = observersOf(audit);
  const ended = serveStdio({ name: "mcpserver", version, registry, output, observers, signal });
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
  const { database, worker, hub } =
    settings.role === "plain" ? {} : await openRoles(settings, dependencies, parts);
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
    name: "mcpserver",
    version,
    registry,
    ...transport.options,
    path: settings.path,
    notReady: () => [...missing(settings, held.membership), ...mounts.reasons],
    allowedHosts: settings.allowedHosts,
    health: () => healthOf(settings, registry, { worker, hub, mounts }),
    ...tasksIn(database),
  });
  closers.push(() => server.close());
  transport.watch(server);
  await page.install(server);
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

/** Long calls of the roles are kept where their other records are. */
function tasksIn(database: Database | undefined): Pick<Parameters<typeof createServer>[0], "tasks"> {
  return database === undefined ? {} : { tasks: { store: createDatabaseTaskStore(database) } };
}

/** Why a load balancer should send nothing yet. */
function missing({ join: hubUrl }: Settings, membership: Membership | undefined): readonly string[] {
  return hubUrl === undefined || membership?.state?.kind === "joined"
    ? []
    : [`not joined to the hub at ${hubUrl}`];
}

/** Bound to every address a worker does not know which one the hub sees; in a URL, 0.0.0.0 asks the hub to fill that in. */
const everywhere: ReadonlySet<string> = new Set(["0.0.0.0", "::", "[::]"]);

async function openRoles(settings: Settings, dependencies: StartDependencies, parts: Parts): Promise<Roles> {
  const { registry, closers } = parts;
  const { identity } = parts.transport;
  const { role } = settings;
  const database = await openDatabase(settings, dependencies);
  closers.push(() => database.close());
  if (role === "hub") {
    const hub = await openHub(settings, dependencies, { registry, database, identity });
    closers.push(() => hub.close());
    return { database, hub };
  }
  const own = role === "dual" ? createRegistry() : registry;
  const worker = await openWorker(settings, dependencies, { registry: own, database });
  closers.push(() => worker.close());
  if (role !== "dual") return { database, worker };
  showSite(worker, registry);
  const hub = await openHub(settings, dependencies, { registry, database, identity });
  closers.push(() => hub.close());
  return { database, worker, hub };
}

function healthOf(
  settings: Settings,
  registry: Registry,
  { worker, hub, mounts: { states } }: Roles & { readonly mounts: Mounts },
): Record<string, unknown> {
  return {
    version,
    mode: settings.role,
    tools: registry.tools.length,
    ...(worker ? { instance: worker.instance, worker_id: worker.id } : {}),
    ...(states === undefined ? {} : { mounts: states }),
    ...hub?.summary(),
  };
}

async function openDatabase(settings: Settings, { notice }: StartDependencies): Promise<Database> {
  const { getDatabase, getDefaultDatabase } = await import("@parley/databases");
  if (settings.database !== undefined) return getDatabase(settings.database);
  if (settings.archetypeWanted !== undefined && settings.role === "worker") return getDatabase("memory:");
  await makeStateDirectory(settings.stateDirectory);
  const { database, notice: fallback } = await getDefaultDatabase(settings.stateDirectory);
  if (fallback !== undefined) notice(fallback);
  return database;
}

/** In a dual server the site can be asked under its plain names too; to act on it is the hub's business. */
function showSite(worker: Worker, registry: Registry): void {
  const shown = new Set(["get_status", "ask_secretary"]);
  registry.replace("site", { tools: worker.registry.tools.filter((tool) => shown.has(tool.name)) });
}

interface Stores {
  readonly identity?: Transport["identity"];
  readonly registry: Registry;
  readonly database: Database;
}

async function openWorker(
  settings: Settings,
  dependencies: StartDependencies,
  stores: Stores,
): Promise<Worker> {
  const { env, clock = systemClock } = dependencies;
  const { createWorker } = await import("@parley/fleet");
  const site = await openSite(settings, env, clock);
  return createWorker(
    { labels: settings.label, verbose: settings.verbose, version },
    { site, clock, ...stores },
  );
}

async function openHub(settings: Settings, dependencies: StartDependencies, stores: Stores): Promise<Hub> {
  const { createHub } = await import("@parley/fleet");
  const { clock = systemClock, notice, showSecret } = dependencies;
  const secret = settings.hubSecret ?? (await generatedSecret());
  const fanOut = settings.serial
    ? ({ kind: "serial" } as const)
    : settings.batch === undefined
      ? ({ kind: "parallel" } as const)
      : ({ kind: "batched", size: settings.batch } as const);
  const config = {
    secret,
    fanOut,
    askTimeoutMs: settings.askTimeout * 1000,
    heartbeatSeconds: settings.heartbeat,
  };
  return createHub(config, { clock, ca: authorities(settings), ...stores });

  async function generatedSecret(): Promise<string> {
    const own = await ownSecret(settings.stateDirectory);
    if (showSecret) showSecret(own.secret);
    else notice(`Workers join with the secret in ${own.path}.`);
    return own.secret;
  }
}

/** Asked before each new connection; nothing where no authority was named. */
function authorities({ trust }: Settings): (() => string | undefined) | undefined {
  return trust.pem() === undefined ? undefined : () => trust.pem();
}

/** Time between two looks at the files of authorities. */
const trustRefreshMs = 30_000;

interface Joining {
  readonly worker: Worker;
  readonly url: string;
  readonly refuse: (error: ParleyError) => void;
  readonly identity: Transport["identity"];
}

function joinIfAsked(
  settings: Settings,
  dependencies: StartDependencies,
  joining: Joining,
): Membership | undefined {
  const { join: hubUrl, joinSecret: secret } = settings;
  if (hubUrl === undefined || secret === undefined) return undefined;
  const { worker, url, refuse, identity } = joining;
  return worker.join({
    hubUrl,
    secret,
    ca: authorities(settings),
    identity,
    publicUrl: settings.publicUrl ?? url,
    onState: (state) => {
      dependencies.onJoin?.(state);
      if (state.kind === "refused") refuse(state.error);
    },
  });
}

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
