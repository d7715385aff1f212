/** What the page needs to know of a finished call; `CallRecord` of `@parley/server` is one. */
export interface SeenCall {
  readonly kind: "tool" | "prompt" | "resource";
  /** Name of the tool or prompt, or URI of the resource, as the caller gave it. */
  readonly name: string;
  readonly caller: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: string;
  readonly code?: string | undefined;
}

/** One call as the page shows it, without its arguments. */
export interface PageCall {
  /** Counts from 1 since the start. */
  readonly number: number;
  /** ISO-8601 UTC. */
  readonly time: string;
  readonly kind: SeenCall["kind"];
  readonly name: string;
  readonly caller: string;
  readonly outcome: string;
  readonly code?: string | undefined;
  readonly durationMs: number;
}

/** The last calls, oldest dropped first. */
export interface CallLog {
  add(call: SeenCall): void;
  /** Newest first. */
  recent(): readonly PageCall[];
}

/** Names come from callers and may be of any length. */
const maxNameLength = 200;

/** @param limit - calls held at once. */
export function createCallLog(limit: number): CallLog {
  let calls: PageCall[] = [];
  let number = 0;
  return {
    add(call) {
      // To know the address of a subscription is to be able to read it, and the page itself reads one every two seconds.
      if (call.kind === "resource" && /^events:/i.test(call.name)) return;
      number += 1;
      calls = [entryOf(number, call), ...calls.slice(0, limit - 1)];
    },
    recent: () => calls,
  };
}

function entryOf(number: number, call: SeenCall): PageCall {
  const { kind, startedAt, durationMs, outcome, code } = call;
  const name = kind === "resource" ? withoutQuery(call.name) : call.name;
  return {
    number,
    time: new Date(startedAt).toISOString(),
    kind,
    name: name.slice(0, maxNameLength),
    caller: call.caller.slice(0, maxNameLength),
    outcome,
    ...(code === undefined ? {} : { code }),
    durationMs: Math.round(durationMs),
  };
}

/** What follows the path of a URI may hold a key or a password, as may what stands before its host. */
function withoutQuery(uri: string): string {
  return uri.replace(/[?#].*$/s, "").replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, "$1");
}
