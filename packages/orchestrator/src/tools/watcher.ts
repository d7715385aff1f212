import type { Queue, QueueEvent } from "@parley/queue";
import type { Resource } from "@parley/tool-registry";

/** Which addresses an event concerns. */
type Concern = (event: QueueEvent) => readonly string[];

/** Tells resources of the queue's events; the log is followed only while somebody listens. */
export interface Watcher {
  watch(concern: Concern): NonNullable<Resource["watch"]>;
  close(): void;
}

/** @param onError - told when the log cannot be followed any more */
export function createWatcher(queue: Queue, onError: (error: unknown) => void): Watcher {
  const listeners = new Set<(event: QueueEvent) => void>();
  let following: AbortController | undefined;
  const follow = async (signal: AbortSignal): Promise<void> => {
    for await (const event of queue.subscribe({ signal })) for (const listener of listeners) listener(event);
  };
  const stop = (): void => {
    following?.abort();
    following = undefined;
  };
  return {
    watch: (concern) => (touched) => {
      const listener = (event: QueueEvent): void => {
        for (const uri of concern(event)) touched(uri);
      };
      listeners.add(listener);
      if (following === undefined) {
        following = new AbortController();
        follow(following.signal).catch(onError);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    close: stop,
  };
}
