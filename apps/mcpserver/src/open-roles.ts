import { systemClock } from "@parley/core";
import type { Database } from "@parley/databases";
import type { Hub, Worker } from "@parley/fleet";
import { createRegistry } from "@parley/tool-registry";
import type { Registry } from "@parley/tool-registry";
import { authorities } from "./authorities.ts";
import { openServerModel } from "./open-model.ts";
import type { ServerModel } from "./open-model.ts";
import type { StartDependencies } from "./running.ts";
import { ownSecret } from "./secret.ts";
import type { Settings } from "./settings.ts";
import { openSite } from "./site.ts";
import { makeStateDirectory } from "./state-directory.ts";
import type { Transport } from "./transport.ts";
import { version } from "./version.ts";

/** The parts of a hub, a worker, or both; of a plain server none. */
export interface Roles {
  readonly database?: Database | undefined;
  readonly worker?: Worker | undefined;
  readonly hub?: Hub | undefined;
}

/** What the roles are opened with. */
export interface RoleParts {
  readonly registry: Registry;
  readonly transport: Pick<Transport, "identity">;
  /** Run in reverse order. */
  readonly closers: (() => Promise<void>)[];
}

/**
 * Opens what the settings' role asks for, with the store behind it. A plain server has one only where it is named: its
 * long calls then outlive it.
 */
export async function openRoles(
  settings: Settings,
  dependencies: StartDependencies,
  parts: RoleParts,
): Promise<Roles> {
  const { registry, closers } = parts;
  const { identity } = parts.transport;
  const { role } = settings;
  if (role === "plain" && settings.database === undefined) return {};
  const database = await openDatabase(settings, dependencies);
  closers.push(() => database.close());
  if (role === "plain") return { database };
  const model = await openServerModel(settings, dependencies);
  if (role === "hub") {
    const hub = await openHub(settings, dependencies, { registry, database, identity, model });
    closers.push(() => hub.close());
    return { database, hub };
  }
  const own = role === "dual" ? createRegistry() : registry;
  const worker = await openWorker(settings, dependencies, { registry: own, database, model });
  closers.push(() => worker.close());
  if (role !== "dual") return { database, worker };
  showSite(worker, registry);
  const hub = await openHub(settings, dependencies, { registry, database, identity, model });
  closers.push(() => hub.close());
  return { database, worker, hub };
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
  readonly model: ServerModel | undefined;
}

async function openWorker(
  settings: Settings,
  dependencies: StartDependencies,
  { model, ...stores }: Stores,
): Promise<Worker> {
  const { env, clock = systemClock } = dependencies;
  const { createWorker } = await import("@parley/fleet");
  const site = await openSite(settings, env, clock);
  return createWorker(
    { labels: settings.label, verbose: settings.verbose, version },
    { site, clock, reader: await model?.reader(), ...stores },
  );
}

async function openHub(
  settings: Settings,
  dependencies: StartDependencies,
  { model, ...stores }: Stores,
): Promise<Hub> {
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
  return createHub(config, { clock, ca: authorities(settings), model: model?.hub, ...stores });

  async function generatedSecret(): Promise<string> {
    const own = await ownSecret(settings.stateDirectory);
    if (showSecret) showSecret(own.secret);
    else notice(`Workers join with the secret in ${own.path}.`);
    return own.secret;
  }
}
