import { setTimeout as sleep } from "node:timers/promises";
import { ParleyError } from "@parley/core";
import type { Mount, MountStatus } from "@parley/mount";
import type { Registry } from "@parley/tool-registry";
import { filterItems } from "./filter.ts";
import type { MountClients } from "./mount-client.ts";
import type { MountEntry } from "./mount-entry.ts";

/** The settings that say what is mounted. */
interface MountSettings {
  readonly mount: readonly MountEntry[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly strict: boolean;
}

export interface MountsOptions extends Omit<MountClients, "onStderr"> {
  readonly registry: Registry;
  /** One line for the operator. */
  readonly notice: (text: string) => void;
  /** Says nothing of servers that come and go; default `false`. */
  readonly quiet?: boolean | undefined;
}

/** How {@link Mounts.settle} waits. */
interface Patience {
  /** Seconds for each server; default: the entry's time-out, else 30. */
  readonly seconds?: number | undefined;
  /** Also waits for servers that may be missing, and says which are. */
  readonly everyone?: boolean | undefined;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

/** The servers that are mounted, and can be exchanged for others. */
export interface Mounts {
  /**
   * Mounts what the settings name and takes away what they name no more; what is named as before stays as it is.
   * @throws `E_CONFIG_INVALID` for a file that is not there
   */
  apply(settings: MountSettings): Promise<void>;
  /**
   * Waits for the servers that must be there.
   * @throws `E_MCP_UNREACHABLE` for one that is not within its time-out
   */
  settle(patience?: Patience): Promise<void>;
  /** State by name; nothing when nothing is mounted. */
  readonly states: Readonly<Record<string, string>> | undefined;
  /** Why a load balancer should send nothing now. */
  readonly reasons: readonly string[];
  close(): Promise<void>;
}

interface Held {
  readonly mount: Mount;
  readonly entry: MountEntry;
  readonly isNeeded: boolean;
  /** Resolves when what it offers cannot be served. */
  readonly refused: Promise<void>;
}

/** What a mounted server says may hold anything, and goes to a terminal. */
function printable(text: string): string {
  return text
    .slice(0, 1000)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trimEnd();
}

const nothing = (): void => undefined;

const never = new AbortController().signal;

/** How long the start waits for a server that must be there, in seconds. */
const defaultPatienceSeconds = 30;

export function createMounts(options: MountsOptions): Mounts {
  const { notice } = options;
  let held = new Map<string, Held>();

  const open = async (entry: MountEntry, settings: MountSettings): Promise<Held> => {
    const { createMount } = await import("@parley/mount");
    const { openMountClient } = await import("./mount-client.ts");
    const { name } = entry;
    const say = (text: string): void => notice(`Mount ${name}: ${printable(text)}`);
    const clients = { ...options, onStderr: (line: string) => say(line) };
    let refuse = nothing;
    const refused = new Promise<void>((resolve) => (refuse = resolve));
    const mount = createMount({
      ...entry,
      registry: options.registry,
      connect: (connection) => openMountClient(entry, clients, connection),
      select: (items) => filterItems({ ...items, events: [] }, settings),
      onStatus(status) {
        if (status.state !== "closed" && options.quiet !== true) say(told(status));
        if (status.state === "refused") refuse();
      },
      onWarning: say,
    });
    return { mount, entry, isNeeded: entry.required ?? settings.strict, refused };
  };

  return {
    async apply(settings) {
      if (held.size === 0 && settings.mount.length === 0) return;
      const { checkMountFiles } = await import("./mount-client.ts");
      for (const entry of settings.mount) checkMountFiles(entry, { ...options, onStderr: () => undefined });
      const wanted = new Map(settings.mount.map((entry) => [keyOf(entry, settings), entry] as const));
      const gone = [...held].filter(([key]) => !wanted.has(key));
      for (const [key, { mount }] of gone) {
        held.delete(key);
        await mount.close();
      }
      const next = new Map<string, Held>();
      for (const [key, entry] of wanted) next.set(key, held.get(key) ?? (await open(entry, settings)));
      held = next;
    },
    async settle({ seconds, everyone = false, signal = never } = {}) {
      const waits = [...held.values()].map(async (each) => {
        if (!each.isNeeded && !everyone) return;
        const patience = seconds ?? each.entry.timeout ?? defaultPatienceSeconds;
        const missing = await missingAfter(each, patience, signal);
        if (missing === undefined) return;
        if (each.isNeeded) throw unreachable(each, missing);
        notice(`Mount ${each.mount.name} is left out, being ${missing}`);
      });
      await Promise.all(waits);
    },
    get states() {
      if (held.size === 0) return undefined;
      return Object.fromEntries(Array.from(held.values(), ({ mount }) => [mount.name, mount.status.state]));
    },
    get reasons() {
      return Array.from(held.values()).flatMap(({ mount: { name, status }, isNeeded }) =>
        isNeeded && status.state !== "ready" ? [`mount ${name} is ${status.state}`] : [],
      );
    },
    async close() {
      const mounts = Array.from(held.values(), ({ mount }) => mount.close().catch(() => undefined));
      held = new Map();
      await Promise.all(mounts);
    },
  };
}

/** Whatever changes in an entry makes it another mount. */
function keyOf({ where: _where, toJSON: _written, ...entry }: MountEntry, settings: MountSettings): string {
  return JSON.stringify([entry, settings.include, settings.exclude, settings.strict]);
}

function told({ state, reason }: MountStatus): string {
  return reason === undefined ? `${state}.` : `${state}: ${reason}`;
}

/** What a server is instead of ready, and why. */
async function missingAfter(
  { mount, refused }: Held,
  seconds: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const enough = new AbortController();
  const ended = AbortSignal.any([enough.signal, signal]);
  const late = sleep(seconds * 1000, true, { signal: ended }).catch(() => false);
  const isMissing = await Promise.race([mount.ready.then(() => false), refused.then(() => true), late]);
  enough.abort();
  signal.throwIfAborted();
  if (!isMissing) return undefined;
  const { state, reason = `no answer within ${seconds} s.` } = mount.status;
  return printable(`${state}: ${reason}`);
}

function unreachable({ mount, entry }: Held, missing: string): ParleyError {
  return new ParleyError(
    mount.status.state === "refused" ? "E_TOOL_INVALID" : "E_MCP_UNREACHABLE",
    `${entry.where}: ${mount.name} has to be there and is ${missing}`,
  );
}
