import { digest, ParleyError } from "@parley/core";
import type { McpClient } from "@parley/mcp-client";
import type { CallSession, ToolContext } from "@parley/tool-registry";
import { anyKind, askKinds } from "./_abilities.ts";
import { createLane } from "./_lane.ts";
import type { Lane, LaneOptions } from "./_lane.ts";
import type { MountOptions } from "./mount.ts";

/** A connection that a call has taken. */
interface TakenLane {
  readonly lane: Lane;
  /** The call has ended. */
  readonly release: () => void;
}

/** The connections of one mount: the one that all share, and those that certain calls have to themselves. */
export interface Lanes {
  readonly shared: Lane;
  /** @throws `E_SERVER_BUSY` when every connection is in use and there may be no more */
  take(context: ToolContext): TakenLane;
  close(): Promise<void>;
}

/** Whose connection a call takes. */
interface Choice {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** Whether a connection serves one call at a time, since nothing tells its clients apart. */
  readonly isExclusive: boolean;
  readonly isOneClient: boolean;
  /** Whether it takes the shared one where there may be no more. */
  readonly mayShare: boolean;
}

interface Entry {
  readonly key: string;
  readonly lane: Lane;
  users: number;
  timer?: NodeJS.Timeout | undefined;
}

type LanesOptions = Pick<MountOptions, "name" | "connect" | "sessions" | "callHeaders"> &
  Pick<LaneOptions, "warn" | "hear" | "lose"> & {
    readonly maxOwn: number;
    readonly idleMs: number;
    /** Hears of a connection beside the shared one. */
    readonly opened: (client: McpClient) => void;
  };

export function createLanes(options: LanesOptions): Lanes {
  const { name, connect, warn, hear, maxOwn, idleMs } = options;
  const entries = new Set<Entry>();
  const ending = new Set<Promise<void>>();
  let asks = false;
  const guessed = (): void => void (asks = true);
  const common = { warn, hear, guessed };
  const shared = createLane({ ...common, connect, canAsk: anyKind, isOneClient: false, lose: options.lose });
  const choose = createChoice(options, {
    asks: () => asks,
    isBusy: () => shared.running.size > 0,
    wantsRoots: () => shared.roots.wanted,
    isOthers: (session) => shared.roots.isOthers(session),
  });

  const end = (entry: Entry): void => {
    clearTimeout(entry.timer);
    if (!entries.delete(entry)) return;
    entry.lane.roots.close();
    const ended = entry.lane.client.close().catch(() => undefined);
    ending.add(ended);
    void ended.then(() => ending.delete(ended));
  };
  const hasRoom = (): boolean => {
    if (entries.size < maxOwn) return true;
    const idle = [...entries].find(({ users }) => users === 0);
    if (idle !== undefined) end(idle);
    return idle !== undefined;
  };
  const open = ({ key, headers, isOneClient }: Choice, { canAsk, session }: ToolContext): Entry => {
    const lane = createLane({
      ...common,
      connect: (connection) => connect(connection, headers),
      canAsk: known(canAsk),
      isOneClient,
      // The next call connects anew: how the server is, is told by the connection that all share.
      lose: () => undefined,
    });
    const entry: Entry = { key, lane, users: 0 };
    entries.add(entry);
    options.opened(lane.client);
    if (isOneClient && session !== undefined) {
      session.closed.addEventListener("abort", () => end(entry), { once: true });
    }
    return entry;
  };
  const enter = (entry: Entry): TakenLane => {
    clearTimeout(entry.timer);
    // The one used last is the last to go.
    if (entries.delete(entry)) entries.add(entry);
    entry.users += 1;
    return {
      lane: entry.lane,
      release() {
        entry.users -= 1;
        if (entry.users === 0) entry.timer = setTimeout(() => end(entry), idleMs).unref();
      },
    };
  };
  const sharing: TakenLane = { lane: shared, release: () => undefined };
  return {
    shared,
    take(context) {
      const choice = choose(context);
      if (choice === undefined) return sharing;
      const fits = ({ key, users }: Entry): boolean =>
        key === choice.key && (users === 0 || !choice.isExclusive);
      const known = [...entries].findLast(fits);
      if (known !== undefined) return enter(known);
      if (hasRoom()) return enter(open(choice, context));
      if (choice.mayShare) return sharing;
      const message = `All ${maxOwn} connections to ${name} are in use; try again in a moment.`;
      throw new ParleyError("E_SERVER_BUSY", message, { details: { retryAfterSeconds: 1 } });
    },
    async close() {
      for (const entry of entries) end(entry);
      shared.roots.close();
      await Promise.all([shared.client.close(), ...ending]);
    },
  };
}

/** What a client could be asked when its connection was made. */
function known(canAsk: ToolContext["canAsk"]): ToolContext["canAsk"] {
  const kinds = new Set(askKinds.filter((kind) => canAsk(kind)));
  return (kind) => kinds.has(kind);
}

interface Seen {
  /** Whether the server says things that do not tell for which call. */
  readonly asks: () => boolean;
  /** Whether a call runs over the connection that all share. */
  readonly isBusy: () => boolean;
  /** Whether the server asks for roots. */
  readonly wantsRoots: () => boolean;
  /** Whether those it has over the connection that all share are another client's. */
  readonly isOthers: (session: CallSession) => boolean;
}

/** Says which connection a call takes; `undefined` for the one that all share. */
function createChoice(
  { sessions = "auto", callHeaders: headersOf }: LanesOptions,
  seen: Seen,
): (context: ToolContext) => Choice | undefined {
  const { asks, isBusy } = seen;
  return (context) => {
    const headers = headersOf?.(context);
    if (sessions === "per-client") return ofOneClient(context, headers);
    if (sessions === "auto" && hasOwnRoots(context, headers, seen)) {
      return { ...ofOneClient(context, headers), mayShare: headers === undefined };
    }
    // Nearly every call: nothing makes it one that stands apart.
    if (headers === undefined && !(asks() && isBusy())) return undefined;
    const { canAsk, logLevel } = context;
    const able = askKinds.filter((kind) => canAsk(kind));
    // Whether the server could have anything to say to this client alone.
    const hears = logLevel !== undefined || able.length > 0;
    const isApart = sessions === "auto" && hears && asks() && (headers !== undefined || isBusy());
    if (headers === undefined && !isApart) return undefined;
    const key = digest([headers ?? {}, able, isApart]);
    return { key, headers, isOneClient: false, isExclusive: isApart, mayShare: headers === undefined };
  };
}

/** Whether a server that asks for roots gets from a client some that are not those of the connection that all share. */
function hasOwnRoots(
  context: ToolContext,
  headers: Choice["headers"],
  { wantsRoots, isOthers }: Seen,
): boolean {
  if (!wantsRoots() || context.session === undefined) return false;
  return (headers !== undefined || isOthers(context.session)) && context.canAsk("roots");
}

function ofOneClient({ session, caller = "", canAsk }: ToolContext, headers: Choice["headers"]): Choice {
  const isOneClient = session !== undefined;
  const who = isOneClient ? ["session", session.id] : ["caller", caller];
  const able = askKinds.filter((kind) => canAsk(kind));
  const key = digest([headers ?? {}, who, able]);
  return { key, headers, isOneClient, isExclusive: !isOneClient, mayShare: false };
}
