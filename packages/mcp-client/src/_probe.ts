import { setTimeout as sleep } from "node:timers/promises";
import { changedDeadline } from "./_deadline.ts";
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

interface Asking {
  /** The deadline of the question. */
  readonly deadline: Deadline;
  /** Resolves when the peer kept silent for so long; waiting for a person is not its silence. */
  silence(patienceMs: number): Promise<void>;
  end(): void;
}

/** A deadline that can be ended before its time. */
function endable(deadline: Deadline): Asking {
  const stop = new AbortController();
  const signal = AbortSignal.any([deadline.signal, stop.signal]);
  const ended = new Promise<never>((_resolve, reject) => {
    stop.signal.addEventListener("abort", () => reject(stop.signal.reason), { once: true });
  });
  ended.catch(() => {});
  const within: Deadline["within"] = (work) => deadline.within(Promise.race([work, ended]));
  const asides = new Set<Promise<unknown>>();
  const aside: Deadline["aside"] = async (work) => {
    asides.add(work);
    try {
      return await deadline.aside(work);
    } finally {
      asides.delete(work);
    }
  };
  return {
    deadline: changedDeadline(deadline, { signal, within, aside }),
    async silence(patienceMs) {
      do {
        await Promise.allSettled(asides);
        await sleep(patienceMs, undefined, { signal: stop.signal }).catch(() => {});
      } while (asides.size > 0 && !stop.signal.aborted);
    },
    end: () => stop.abort(),
  };
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
  try {
    const first = await Promise.race([answered, asking.silence(options.patienceMs)]);
    if (first) return first.era === "modern" ? openModern(first.server) : await openLegacy();
    return await openLegacy().catch(async (error: unknown) => {
      if (deadline.reason()) throw error;
      const late = await deadline.within(answered).catch(() => undefined);
      if (late?.era === "modern") return openModern(late.server);
      throw error;
    });
  } finally {
    asking.end();
    answered.catch(() => {});
  }
}
