import { ParleyError, isTerminal, isoTime, systemClock, toParleyError } from "@parley/core";
import type { Job, Labels, TrustEvent } from "@parley/core";
import { createDispatcher } from "@parley/mcp-client";
import type { FastifyInstance } from "fastify";
import { createHttpLink, createLocalLink } from "../wire/link.ts";
import type { Worker } from "../worker/worker.ts";
import { settle } from "./config.ts";
import type { HubConfig, HubDependencies, LinkTarget } from "./config.ts";
import { createLedger } from "./ledger.ts";
import { isLegacy } from "./member.ts";
import type { Member } from "./member.ts";
import { mirror, mirrorOrigin } from "./mirror.ts";
import type { SchemaPool } from "./mirror.ts";
import { createMonitor } from "./monitor.ts";
import { createNegotiator } from "./negotiator.ts";
import { createOperations } from "./operations.ts";
import type { Operations } from "./operations.ts";
import { readHealth } from "./read-health.ts";
import { registrationRoutes } from "./registration.ts";
import { restRoutes } from "./rest.ts";
import { Roster } from "./roster.ts";
import { createFleetTools } from "./tools/fleet-tools.ts";
import { createJobTools } from "./tools/job-tools.ts";
import { createNegotiationTools } from "./tools/negotiation-tools.ts";

/** The hub of a federation. It neither listens nor reads the environment: give its `plugin` to a server. */
export interface Hub {
  readonly operations: Operations;
  /** Registration and REST routes. */
  readonly plugin: (app: FastifyInstance) => Promise<void>;
  /** Reads the store, takes up open jobs, starts watching. Before this nothing is asked of anybody. */
  start(): Promise<void>;
  /** Lets a worker of this process take part (`--dual`). */
  adopt(worker: Worker, labels?: Labels): Promise<void>;
  /** Hides the tools of lost workers, asks legacy ones for a sign of life; what the timer does. */
  sweep(): Promise<void>;
  /** Counts for `/health`. */
  summary(): {
    readonly workers: { readonly online: number; readonly total: number };
    readonly openJobs: number;
  };
  /** Stops watching and closes the links. The store is the caller's. */
  close(): Promise<void>;
}

/** Builds a hub over a registry (where its tools and the workers' appear) and a database (where nothing is lost). */
export function createHub(config: HubConfig, dependencies: HubDependencies): Hub {
  if (config.secret.length < 4) {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      "The hub's join secret is shorter than 4 characters: choose a longer --hub-secret.",
    );
  }
  const settings = settle(config);
  const { registry, database, clock = systemClock, ca, identity, model } = dependencies;
  // A pool of connections for all workers: one for each would cost a certificate store and timers a thousand times.
  const dispatcher = createDispatcher(ca, identity);
  const connect = dependencies.connect ?? ((target: LinkTarget) => createHttpLink({ ...target, dispatcher }));
  const roster = new Roster({ settings, database, clock, connect });
  const negotiator = createNegotiator({ roster, settings, database, clock, model });
  const ledger = createLedger({ roster, settings, database, clock, onChange: (job) => noteTrust(job) });
  const monitor = createMonitor({ ledger, clock, pollMs: settings.pollMs });
  const operations = createOperations({
    roster,
    negotiator,
    ledger,
    monitor,
    settings,
    now: () => clock.now(),
  });
  const pool: SchemaPool = new Map();
  const mirroring = new Set<Promise<void>>();
  let sweeper: NodeJS.Timeout | undefined;
  let closed = false;

  registry.replace("hub", {
    tools: [
      ...createFleetTools(operations),
      ...createNegotiationTools(operations),
      ...createJobTools(operations),
    ],
  });

  /** Remembers how a promise was kept, for whoever weighs trust later. Never stands in a job's way. */
  function noteTrust(job: Job): void {
    const event = trustEventOf(job, isoTime(clock.now()));
    if (event) void database.append("trust", event).catch(() => undefined);
  }

  async function showOne(member: Member): Promise<void> {
    try {
      await mirror(member, { registry, pool, isCurrent: () => roster.find(member.record.id) === member });
      member.trouble = undefined;
    } catch (error) {
      member.trouble = toParleyError(error).message;
    }
  }

  function show(member: Member): void {
    const work = showOne(member).finally(() => mirroring.delete(work));
    mirroring.add(work);
  }

  function hide(workerId: string): void {
    registry.remove(mirrorOrigin(workerId));
  }

  async function poll(member: Member): Promise<void> {
    try {
      // One that hangs must not delay the next round, on which the others' standing depends.
      const timeoutMs = Math.min(settings.askTimeoutMs, settings.heartbeatMs);
      const result = await member.link.callTool("get_status", {}, { timeoutMs });
      if (result.isError) return;
      member.lastSeenMs = clock.now();
      member.trouble = undefined;
    } catch (error) {
      member.trouble = toParleyError(error).message;
    }
  }

  async function sweep(): Promise<void> {
    await Promise.all(roster.all.filter((member) => isLegacy(member)).map((member) => poll(member)));
    for (const member of roster.all) {
      if (roster.state(member) === "offline") {
        if (member.mirrored > 0) hide(member.record.id);
        member.mirrored = 0;
      } else if (member.mirrored === 0) {
        show(member);
      }
    }
  }

  function armSweeper(): void {
    if (closed) return;
    sweeper = setTimeout(() => void sweep().finally(armSweeper), settings.heartbeatMs);
    sweeper.unref();
  }

  return {
    operations,
    plugin: async (app) => {
      await app.register(
        registrationRoutes({
          roster,
          settings,
          readHealth: dependencies.readHealth ?? readHealth(dispatcher),
          onEntered: show,
          onToolsChanged: show,
          onLeft: hide,
        }),
      );
      await app.register(restRoutes(operations));
    },
    async start() {
      await roster.load();
      for (const member of roster.all) show(member);
      await monitor.start();
      armSweeper();
    },
    async adopt(worker, labels = {}) {
      const known = { labels, secretary: await worker.secretary() };
      const member = roster.enterLocal(worker.id, createLocalLink(worker.registry), known);
      await mirror(member, { registry, pool });
    },
    sweep,
    summary() {
      const online = roster.all.filter((member) => roster.state(member) === "online").length;
      return { workers: { online, total: roster.size }, openJobs: monitor.watched };
    },
    async close() {
      if (closed) return;
      closed = true;
      clearTimeout(sweeper);
      // A hung worker does not hold the hub: closing its link ends the call.
      const impatience = setTimeout(() => void roster.close(), closeGraceMs);
      await monitor.close();
      clearTimeout(impatience);
      await Promise.allSettled(mirroring);
      await roster.close();
      await dispatcher.destroy();
    },
  };
}

/** Milliseconds that calls to workers have when the hub closes. */
const closeGraceMs = 1000;

/** Seconds a start may be late before the promise counts as missed. */
const graceSeconds = 60;

function trustEventOf(job: Job, at: string): TrustEvent | undefined {
  const base = {
    schema: "trust-event/1" as const,
    workerId: job.workerId,
    at,
    jobId: job.id,
    negotiationId: job.negotiationId,
  };
  if (!isTerminal(job.state)) return undefined;
  if (job.error?.code === "E_DISPATCH_UNCONFIRMED")
    return { ...base, kind: "unconfirmed-job", subject: "job_id" };
  if (job.siteJobId === undefined && job.state === "FAILED")
    return { ...base, kind: "submit-failed", subject: job.error?.code ?? "submit" };
  const promised = job.promised.startSeconds;
  const actual = job.actual.waitSeconds;
  if (promised === undefined || actual === undefined) return undefined;
  const kept = actual <= promised + graceSeconds;
  return {
    ...base,
    kind: kept ? "promise-kept" : "promise-missed",
    subject: "startSeconds",
    claimed: String(promised),
    actual: String(actual),
  };
}
