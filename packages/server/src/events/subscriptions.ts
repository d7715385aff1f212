import { setMaxListeners } from "node:events";
import { type Clock, newId, ParleyError } from "@parley/core";
import { hasScope, type Registry, type ToolContext, type Watcher } from "@parley/tool-registry";
import { defaultLimits, type EventLimits } from "./limits.ts";
import { type EventPage, openSubscription, type Subscription } from "./subscription.ts";

/** The event subscriptions of one server. */
export interface Subscriptions {
  /** @throws `E_OBJECT_UNKNOWN`, `E_AUTH_FORBIDDEN`, `E_SUBSCRIPTION_LIMIT`, and what the source throws */
  subscribe(
    provider: string,
    params: Readonly<Record<string, unknown>>,
    context: ToolContext,
  ): Promise<Subscription>;
  /** @throws `E_OBJECT_UNKNOWN`, of another's subscription too */
  unsubscribe(id: string, context: ToolContext): void;
  /** @throws `E_OBJECT_UNKNOWN`, of another's subscription too */
  read(id: string, after: number, context: ToolContext): EventPage;
  /** Whether a subscription exists and is this one's. */
  holds(id: string, who: Watcher): boolean;
  /** Ends what nobody reads and what has lost its source; forgets what ended long ago. */
  sweep(): void;
  close(): void;
}

export interface SubscriptionsOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly limits: EventLimits;
}

/** Changes of one subscription that come closer together than this are told once. */
const newsMs = 50;

export function createSubscriptions({ registry, clock, limits: given }: SubscriptionsOptions): Subscriptions {
  const limits = { ...defaultLimits, ...withoutUndefined(given) };
  const held = new Map<string, Subscription>();
  const starting = new Map<string, string>();
  const timers = new Set<NodeJS.Timeout>();

  const own = (id: string, who: Watcher): Subscription | undefined => {
    const found = held.get(id);
    return found?.owner === ownerOf(who) ? found : undefined;
  };
  const find = (id: string, context: ToolContext): Subscription => {
    const found = own(id, context);
    if (found !== undefined) return found;
    throw new ParleyError("E_OBJECT_UNKNOWN", `You have no subscription ${JSON.stringify(id.slice(0, 64))}.`);
  };
  const end = (subscription: Subscription, reason: string): void => {
    subscription.end(new ParleyError("E_INTERRUPTED", reason));
    held.delete(subscription.id);
  };
  const sweep = (): void => {
    const limit = clock.now() - limits.idleMs;
    const served = new Set(registry.events.map(({ name }) => name));
    for (const subscription of held.values()) {
      const idle = !subscription.inSession && subscription.readAt < limit;
      if (idle) end(subscription, `Nobody has read its events for ${limits.idleMs / 1000} s.`);
      else if (subscription.ended.aborted && subscription.readAt < limit) held.delete(subscription.id);
      else if (!served.has(subscription.provider)) {
        const message = `The event source "${subscription.provider}" is no longer served.`;
        subscription.end(new ParleyError("E_OBJECT_UNKNOWN", message));
      }
    }
  };
  const makeRoom = (owner: string): void => {
    sweep();
    const mine = [...held.values()].filter((subscription) => subscription.owner === owner);
    const oldestEnded = mine.find(({ ended }) => ended.aborted);
    const opening = [...starting.values()].filter((name) => name === owner).length;
    if (mine.length + opening >= limits.maxPerOwner && oldestEnded !== undefined) held.delete(oldestEnded.id);
    else if (mine.length + opening >= limits.maxPerOwner) throw tooMany(`you hold ${limits.maxPerOwner}`);
    if (held.size + starting.size >= limits.maxTotal) throw tooMany(`this server holds ${limits.maxTotal}`);
  };
  const newsTeller = (id: string): (() => void) => {
    let timer: NodeJS.Timeout | undefined;
    return () => {
      if (timer !== undefined) return;
      timer = setTimeout(() => {
        if (timer !== undefined) timers.delete(timer);
        timer = undefined;
        registry.touch(`events://${id}`);
      }, newsMs).unref();
      timers.add(timer);
    };
  };

  return {
    async subscribe(provider, params, context) {
      const source = registry.events.find(({ name }) => name === provider);
      if (source === undefined) throw noSource(provider, registry);
      const scope = source.scope ?? "read";
      if (!hasScope(context.scopes, scope)) {
        const message = `Event source "${provider}" needs a credential with the scope "${scope}".`;
        throw new ParleyError("E_AUTH_FORBIDDEN", message);
      }
      const owner = ownerOf(context);
      makeRoom(owner);
      const id = newId("sub");
      starting.set(id, owner);
      const { session } = context;
      try {
        const onNews = newsTeller(id);
        const opened = await openSubscription({
          ...limits,
          id,
          owner,
          source,
          params,
          session,
          clock,
          onNews,
        });
        held.set(id, opened);
        const leave = (): void => end(opened, "Its session has ended.");
        // As many as a session may hold subscriptions; Node.js warns from the eleventh on.
        if (session) setMaxListeners(limits.maxPerOwner + 10, session.closed);
        session?.closed.addEventListener("abort", leave, { once: true, signal: opened.ended });
        if (session?.closed.aborted === true) leave();
        return opened;
      } finally {
        starting.delete(id);
      }
    },
    unsubscribe(id, context) {
      end(find(id, context), "It was unsubscribed.");
    },
    read: (id, after, context) => {
      sweep();
      return find(id, context).read(after);
    },
    holds(id, who) {
      sweep();
      return own(id, who) !== undefined;
    },
    sweep,
    close() {
      for (const subscription of held.values()) end(subscription, "The server is closing.");
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** A session where there is one; else all calls under one credential belong together. */
function ownerOf({ session, caller = "" }: Watcher): string {
  return session === undefined ? `caller ${caller}` : `session ${session.id}`;
}

function tooMany(why: string): ParleyError {
  return new ParleyError(
    "E_SUBSCRIPTION_LIMIT",
    `Cannot subscribe: ${why} subscriptions; unsubscribe from one.`,
  );
}

function noSource(provider: string, { events }: Registry): ParleyError {
  const names = events.map(({ name }) => name).join(", ");
  const asked = JSON.stringify(provider.slice(0, 64));
  return new ParleyError(
    "E_OBJECT_UNKNOWN",
    `There is no event source ${asked}; there are ${names || "none"}.`,
  );
}

function withoutUndefined(limits: EventLimits): Partial<typeof defaultLimits> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}
