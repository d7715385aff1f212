import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { ParleyError, isoTime, shortHash, toolPrefix } from "@parley/core";
import type { Clock, Labels, Registration, WorkerView } from "@parley/core";
import type { Database } from "@parley/databases";
import { toJson } from "../wire/to-json.ts";
import { seal, unseal } from "../wire/seal.ts";
import type { WorkerLink } from "../wire/link.ts";
import type { HubSettings, LinkTarget } from "./config.ts";
import { MemberRecord, stateOf, viewOf } from "./member.ts";
import type { Member } from "./member.ts";

const collection = "workers";

export interface RosterOptions {
  readonly settings: HubSettings;
  readonly database: Database;
  readonly clock: Clock;
  readonly connect: (target: LinkTarget) => WorkerLink;
}

/** What a question is put to: everyone online, or those an id list or labels pick. */
export interface WorkerFilter {
  readonly workers?: readonly string[] | undefined;
  readonly labels?: Labels | undefined;
  readonly includeOffline?: boolean | undefined;
}

/** Who belongs to the federation, over restarts of the hub. */
export class Roster {
  readonly #members = new Map<string, Member>();
  /** Tool prefixes by worker id, taken before a registration is written down. */
  readonly #prefixes = new Map<string, string>();
  readonly #options: RosterOptions;

  constructor(options: RosterOptions) {
    this.#options = options;
  }

  /** Reads the members back from the store; a record whose credential cannot be unsealed keeps its place without one. */
  async load(): Promise<void> {
    const { database, settings, clock } = this.#options;
    for (let after: string | undefined; ;) {
      const page = await database.list(collection, { after });
      for (const { value } of page) {
        const parsed = MemberRecord.safeParse(value);
        if (!parsed.success) continue;
        const record = parsed.data;
        const credential = record.sealedCredential && unseal(record.sealedCredential, settings.secret);
        const target = { id: record.id, url: record.url, credential: credential || undefined };
        // One heartbeat of grace: a worker that is alive will be heard of by then.
        const lastSeenMs = clock.now() - settings.heartbeatMs;
        this.#members.set(record.id, newMember(record, this.#open(target), lastSeenMs));
        this.#prefixes.set(record.id, record.prefix);
      }
      after = page.at(-1)?.id;
      if (after === undefined) return;
    }
  }

  /** Enters or renews a registration and returns its lease. The caller has checked that no live other holds the id. */
  async enter(registration: Registration): Promise<{ member: Member; lease: string }> {
    const { settings, clock, database } = this.#options;
    const { id, url, credential } = registration;
    const lease = randomBytes(24).toString("base64url");
    const previous = this.#members.get(id);
    const record: MemberRecord = {
      id,
      url,
      prefix: this.#prefixOf(id),
      labels: registration.labels,
      manifest: registration.manifest,
      instance: registration.instance,
      sealedCredential: credential === undefined ? undefined : seal(credential, settings.secret),
      leaseDigest: sha256(lease).toString("hex"),
      version: registration.version,
      secretary: registration.secretary,
      registeredAt: isoTime(clock.now()),
    };
    await database.put(collection, id, toJson(record));
    const same = previous && previous.record.url === url && previous.credential === credential;
    const link = same ? { link: previous.link, credential } : this.#open({ id, url, credential });
    const member = newMember(record, link, clock.now());
    member.toolsVersion = registration.toolsVersion;
    this.#members.set(id, member);
    if (!same) await previous?.link.close();
    return { member, lease };
  }

  /** Takes in a worker that lives in this process. */
  enterLocal(id: string, link: WorkerLink, known: Pick<MemberRecord, "labels" | "secretary">): Member {
    const now = isoTime(this.#options.clock.now());
    const record: MemberRecord = {
      id,
      url: "local:",
      prefix: this.#prefixOf(id),
      ...known,
      manifest: {},
      leaseDigest: "",
      registeredAt: now,
    };
    const member: Member = {
      ...newMember(record, { link, credential: undefined }, this.#options.clock.now()),
      local: true,
    };
    this.#members.set(id, member);
    return member;
  }

  /** Notes a sign of life. @throws `E_WORKER_UNKNOWN`, `E_REGISTER_FORBIDDEN` */
  beat(
    id: string,
    lease: string,
    toolsVersion: number | undefined,
  ): { member: Member; toolsChanged: boolean } {
    const member = this.#held(id, lease);
    const toolsChanged = toolsVersion !== undefined && toolsVersion !== member.toolsVersion;
    member.lastSeenMs = this.#options.clock.now();
    member.trouble = undefined;
    member.toolsVersion = toolsVersion;
    return { member, toolsChanged };
  }

  /** Removes a worker that says goodbye. */
  async leave(id: string, lease: string): Promise<void> {
    const member = this.#held(id, lease);
    this.#members.delete(id);
    this.#prefixes.delete(id);
    await this.#options.database.delete(collection, id);
    await member.link.close();
  }

  /** @throws `E_WORKER_UNKNOWN` naming the ids there are */
  get(id: string): Member {
    const member = this.#members.get(id);
    if (member) return member;
    const known = Array.from(this.#members.keys()).toSorted().slice(0, 20);
    const hint = known.length === 0 ? "no worker has joined" : `known workers: ${known.join(", ")}`;
    throw new ParleyError(
      "E_WORKER_UNKNOWN",
      `Worker ${JSON.stringify(id.slice(0, 80))} not found; ${hint}.`,
      {
        details: { known },
      },
    );
  }

  find(id: string): Member | undefined {
    return this.#members.get(id);
  }

  get all(): readonly Member[] {
    return Array.from(this.#members.values());
  }

  get size(): number {
    return this.#members.size;
  }

  /** The members a question goes to, in order of id. Named ids must exist. */
  pick(filter: WorkerFilter = {}): readonly Member[] {
    const candidates = filter.workers ? filter.workers.map((id) => this.get(id)) : this.all;
    const labels = Object.entries(filter.labels ?? {});
    return candidates
      .filter((member) => labels.every(([key, value]) => member.record.labels[key] === value))
      .filter(
        (member) => filter.includeOffline === true || filter.workers || this.state(member) !== "offline",
      )
      .toSorted((left, right) => (left.record.id < right.record.id ? -1 : 1));
  }

  state(member: Member): WorkerView["state"] {
    return stateOf(member, this.#options.clock.now(), this.#options.settings.heartbeatMs);
  }

  view(member: Member): WorkerView {
    return viewOf(member, this.#options.clock.now(), this.#options.settings.heartbeatMs);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.all.map((member) => member.link.close()));
    this.#members.clear();
  }

  #open(target: LinkTarget): Pick<Member, "link" | "credential"> {
    return { link: this.#options.connect(target), credential: target.credential };
  }

  #held(id: string, lease: string): Member {
    const member = this.#members.get(id);
    if (!member)
      throw new ParleyError("E_WORKER_UNKNOWN", `No registration of worker ${id}: register again.`);
    const expected = Buffer.from(member.record.leaseDigest, "hex");
    const given = sha256(lease);
    if (expected.length === given.length && timingSafeEqual(expected, given)) return member;
    throw new ParleyError(
      "E_REGISTER_FORBIDDEN",
      `That lease of worker ${id} is no longer the current one: register again.`,
    );
  }

  /** A prefix nobody else has; two ids that sanitise alike are told apart by a hash of the raw id. */
  #prefixOf(id: string): string {
    const own = this.#prefixes.get(id);
    if (own !== undefined) return own;
    const wanted = toolPrefix(id);
    const taken = Array.from(this.#prefixes.values()).includes(wanted);
    const prefix = taken ? `${wanted}_${shortHash(id)}` : wanted;
    this.#prefixes.set(id, prefix);
    return prefix;
  }
}

function newMember(
  { manifest: _stored, ...record }: MemberRecord,
  link: Pick<Member, "link" | "credential">,
  lastSeenMs: number,
): Member {
  return {
    record,
    ...link,
    lastSeenMs,
    toolsVersion: undefined,
    mirrored: 0,
    trouble: undefined,
    local: false,
  };
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
