import { setTimeout as sleep } from "node:timers/promises";
import type { Deadline } from "./_deadline.ts";
import type { Link } from "./_link.ts";
import { identified, judge } from "./_modern.ts";
import type { ModernAnswer } from "./_modern.ts";
import type { Peer } from "./_peer.ts";
import type { JsonObject } from "./json.ts";

interface ProbeOptions {
  readonly peer: Peer;
  readonly deadline: Deadline;
  /** How long a peer may keep silent before a handshake is tried beside. */
  readonly patienceMs: number;
  /** Sends `server/discover`. */
  readonly ask: (deadline: Deadline) => Promise<ModernAnswer>;
  readonly openLegacy: () => Promise<Link>;
  readonly openModern: (server: JsonObject | undefined) => Link;
}

/** A deadline that can be ended before its time. */
function endable(deadline: Deadline): { deadline: Deadline; end: () => void } {
  const stop = new AbortController();
  const signal = AbortSignal.any([deadline.signal, stop.signal]);
  const ended = new Promise<never>((_resolve, reject) => {
    stop.signal.addEventListener("abort", () => reject(stop.signal.reason), { once: true });
  });
  ended.catch(() => {});
  const within: Deadline["within"] = (work) => deadline.within(Promise.race([work, ended]));
  return { deadline: { ...deadline, signal, within }, end: () => stop.abort() };
}

/**
 * Finds out a peer's era by one `server/discover`. Some legacy servers never answer it: those get a handshake while
 * the answer is still awaited, so that a slow modern peer is not taken for one of them.
 */
export async function probe(options: ProbeOptions): Promise<Link> {
  const { peer, deadline, openLegacy, openModern } = options;
  const asking = endable(deadline);
  const answered = options.ask(asking.deadline).then((answer) => {
    const server = answer.kind === "result" ? identified(answer.result) : undefined;
    return { era: judge(peer, answer), server };
  });
  const patience = new AbortController();
  const silence = sleep(options.patienceMs, undefined, { signal: patience.signal }).catch(() => {});
  try {
    const first = await Promise.race([answered, silence]);
    if (first) return first.era === "modern" ? openModern(first.server) : await openLegacy();
    return await openLegacy().catch(async (error: unknown) => {
      if (deadline.reason()) throw error;
      const late = await deadline.within(answered).catch(() => undefined);
      if (late?.era === "modern") return openModern(late.server);
      throw error;
    });
  } finally {
    patience.abort();
    asking.end();
    answered.catch(() => {});
  }
}
