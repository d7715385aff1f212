import { randomBytes } from "node:crypto";
import { isoTime, ParleyError } from "@parley/core";
import type { Clock } from "@parley/core";
import type { CatalogueTool } from "../upstream/catalogue.ts";
import type { RestCall } from "./rest-call.ts";

/** What a call is of: needed to answer whoever comes for its result. */
export interface CallSubject {
  readonly found: CatalogueTool;
  readonly args: Readonly<Record<string, unknown>>;
  /** Makes of the answer's text the message that its caller wants. */
  readonly messageOf?: ((output: string) => Readonly<Record<string, unknown>>) | undefined;
}

/** A call that is kept under an address of its own. */
export interface KeptCall extends CallSubject {
  /** Cannot be guessed. */
  readonly id: string;
  readonly call: RestCall;
  /** ISO-8601 UTC; until then an answer is waited for, or the result kept. Absent while the call runs. */
  readonly expiresAt: string | undefined;
  /** Whether its result goes down a stream of events, so that an answer's own request does not wait for it. */
  readonly isStreamed: boolean;
}

/** Calls whose callers come back for them. */
export interface CallDesk {
  /** @throws `E_CALL_LIMIT` */
  checkRoom(owner: string): void;
  /** @throws `E_CALL_LIMIT` */
  keep(call: RestCall, kept: Keeping): KeptCall;
  /** Another caller's call is as unknown as one that never was. @throws `E_OBJECT_UNKNOWN` */
  find(id: string, owner: string): KeptCall;
  /** Ends the call, if it runs, and forgets it. */
  remove(id: string, reason: ParleyError): void;
  close(): void;
}

interface Keeping extends CallSubject {
  readonly owner: string;
  readonly isStreamed?: boolean | undefined;
}

export interface CallDeskOptions {
  readonly clock: Clock;
  /** How long an answer is waited for, and a result kept. */
  readonly ttlMs: number;
  /** The most calls kept at once; of one caller a fifth of them. */
  readonly maxCalls: number;
}

interface Entry extends Keeping {
  readonly call: RestCall;
  readonly stop: () => void;
  timer?: NodeJS.Timeout | undefined;
  expiresAt?: string | undefined;
}

export function createCallDesk(options: CallDeskOptions): CallDesk {
  const { clock, ttlMs, maxCalls } = options;
  const maxPerCaller = Math.ceil(maxCalls / 5);
  const entries = new Map<string, Entry>();
  const forget = (id: string): void => {
    const entry = entries.get(id);
    clearTimeout(entry?.timer);
    entry?.stop();
    entries.delete(id);
  };
  const remove = (id: string, reason: ParleyError): void => {
    const call = entries.get(id)?.call;
    forget(id);
    call?.cancel(reason);
  };
  /** A call that runs keeps its own time; one that waits for its caller has this long. */
  const watch = (id: string, entry: Entry): void => {
    clearTimeout(entry.timer);
    const { call } = entry;
    const waits = call.outcome !== undefined || call.questions.size > 0;
    entry.expiresAt = waits ? isoTime(clock.now() + ttlMs) : undefined;
    entry.timer = waits ? setTimeout(() => remove(id, expired()), ttlMs).unref() : undefined;
  };
  const checkRoom = (owner: string): void => {
    const isFull = (): boolean => entries.size >= maxCalls || count(entries.values(), owner) >= maxPerCaller;
    if (!isFull()) return;
    // A result nobody has come for makes room before a new call is refused.
    for (const [id, { call, owner: other }] of entries) {
      if (call.outcome !== undefined && (entries.size >= maxCalls || other === owner)) forget(id);
      if (!isFull()) return;
    }
    throw new ParleyError(
      "E_CALL_LIMIT",
      "Too many calls wait for their callers: fetch or cancel some of them, then call again.",
    );
  };
  const shown = (id: string, entry: Entry): KeptCall => ({
    id,
    call: entry.call,
    found: entry.found,
    args: entry.args,
    messageOf: entry.messageOf,
    isStreamed: entry.isStreamed ?? false,
    get expiresAt() {
      return entry.expiresAt;
    },
  });
  return {
    checkRoom,
    keep(call, keeping) {
      checkRoom(keeping.owner);
      const id = randomBytes(24).toString("base64url");
      const entry: Entry = { ...keeping, call, stop: call.onEvent(({ type }) => hear(type)) };
      const hear = (type: string): void => {
        if (type === "questions" || type === "resumed" || type === "end") watch(id, entry);
      };
      entries.set(id, entry);
      watch(id, entry);
      return shown(id, entry);
    },
    find(id, owner) {
      const entry = entries.get(id);
      if (entry !== undefined && entry.owner === owner) return shown(id, entry);
      throw new ParleyError(
        "E_OBJECT_UNKNOWN",
        "There is no such call: it has ended and was forgotten, or was never there; call the tool again.",
      );
    },
    remove,
    close() {
      const reason = new ParleyError("E_SERVER_CLOSING", "The gateway is about to end.");
      for (const id of entries.keys()) remove(id, reason);
    },
  };
}

function expired(): ParleyError {
  return new ParleyError("E_INPUT_EXPIRED", "No answer came in time: call the tool again.");
}

function count(entries: Iterable<Entry>, owner: string): number {
  let found = 0;
  for (const entry of entries) if (entry.owner === owner) found += 1;
  return found;
}
