import { newId, systemClock } from "@parley/core";
import type { Clock, Labels, Registration, SecretaryInfo } from "@parley/core";
import type { Database } from "@parley/databases";
import type { CaSource, IdentitySource } from "@parley/mcp-client";
import type { Site } from "@parley/providers";
import { createSecretary, expandSoftwareNames, findApplication } from "@parley/secretary";
import type { WordReader } from "@parley/secretary";
import type { Authenticator } from "@parley/server";
import { staticToken } from "@parley/server";
import type { Registry } from "@parley/tool-registry";
import { createTrustingFetch } from "../wire/trusting-fetch.ts";
import { createControlTools } from "./control-tools.ts";
import { createDispatcher } from "./dispatcher.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { joinHub } from "./join.ts";
import type { JoinState, Membership } from "./join.ts";
import { createSiteTools } from "./site-tools.ts";

export interface WorkerConfig {
  readonly labels?: Labels | undefined;
  readonly verbose?: boolean | undefined;
  /** Whether `export_provider_metadata` is served. Default true. */
  readonly exposeTruth?: boolean | undefined;
  readonly version?: string | undefined;
}

export interface WorkerDependencies {
  readonly site: Site;
  readonly registry: Registry;
  readonly database: Database;
  readonly clock?: Clock | undefined;
  /** Reads words that no rule reads, through a model; default nobody. */
  readonly reader?: WorkerReader | undefined;
}

/** A worker's model, and whether it can be asked. */
export interface WorkerReader extends WordReader {
  /** Why it cannot be asked, such as a missing key; the worker then answers by rules and says so. */
  readonly problem?: (() => Promise<string | undefined>) | undefined;
}

/** Where and how to join a hub. */
export interface HubAddress {
  readonly hubUrl: string;
  readonly secret: string;
  /** Address under which the hub reaches this worker's MCP endpoint. */
  readonly publicUrl: string;
  /** Certificate authorities (PEM) for a hub behind https, beside the well-known ones. */
  readonly ca?: CaSource | undefined;
  /** Certificate shown to a hub that asks for one. */
  readonly identity?: IdentitySource | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly onState?: ((state: JoinState) => void) | undefined;
}

/** A computing site that answers a hub. It neither listens nor reads the environment. */
export interface Worker {
  readonly id: string;
  /** Identity of this process; also shown in `/health`, where a hub checks it. */
  readonly instance: string;
  readonly dispatcher: Dispatcher;
  /** Where its tools stand. A hub in the same process needs a registry of its own: both have a `job_status`. */
  readonly registry: Registry;
  /** Who answers here, and whether it can. */
  secretary(): Promise<SecretaryInfo>;
  /** Accepts the credential this worker gives its hub, with every scope. */
  readonly authenticator: Authenticator;
  join(address: HubAddress): Membership;
  /** Leaves every hub and closes the site. Running jobs go on. */
  close(): Promise<void>;
}

const origin = "worker";

/** Puts a site's tools into a registry and makes it able to join hubs. */
export function createWorker(config: WorkerConfig, dependencies: WorkerDependencies): Worker {
  const { site, registry, database, clock = systemClock, reader } = dependencies;
  const secretary = createSecretary({
    site,
    now: () => clock.now(),
    expand: expandSoftwareNames,
    binaries: (name) => findApplication(name)?.binaries,
    reader,
  });
  const dispatcher = createDispatcher({ site, secretary, database, clock });
  const instance = newId("inst");
  const credential = newId("cred") + newId("cred");
  const memberships = new Set<Membership>();
  const closers: (() => Promise<void>)[] = [];
  const { verbose = false, exposeTruth = true, labels = {} } = config;
  registry.replace(origin, {
    tools: [
      ...createSiteTools({ site, secretary, clock, verbose, exposeTruth }),
      ...createControlTools(site.workerId, dispatcher, () => clock.now()),
    ],
  });
  const tokenCheck = staticToken(credential, { name: "hub" });

  async function registration(url: string): Promise<Registration> {
    return {
      id: site.workerId,
      url,
      labels,
      manifest: await site.manifest(),
      instance,
      credential,
      version: config.version,
      secretary: await secretaryInfo(reader),
      toolsVersion: registry.version,
    };
  }

  return {
    id: site.workerId,
    instance,
    dispatcher,
    registry,
    authenticator: tokenCheck,
    secretary: () => secretaryInfo(reader),
    join(address) {
      const { ca, identity, ...hub } = address;
      const plain = ca === undefined && identity === undefined;
      const trusting = plain ? undefined : createTrustingFetch(ca, identity);
      if (trusting !== undefined) closers.push(() => trusting.close());
      const membership = joinHub({
        fetch: trusting?.fetch,
        ...hub,
        registration: () => registration(address.publicUrl),
        toolsVersion: () => registry.version,
      });
      memberships.add(membership);
      return membership;
    },
    async close() {
      await Promise.all(Array.from(memberships, (membership) => membership.leave()));
      memberships.clear();
      await Promise.all(closers.splice(0).map((close) => close()));
      registry.remove(origin);
      await site.close();
    },
  };
}

async function secretaryInfo(reader: WorkerReader | undefined): Promise<SecretaryInfo> {
  if (reader === undefined) return { mode: "rules", ready: true };
  const reason = await reader.problem?.();
  return { mode: "model", ready: reason === undefined, ...(reason === undefined ? {} : { reason }) };
}
