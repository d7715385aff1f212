import { ParleyError } from "@parley/core";

/** The resources one session of a 2025-era client watches. */
export interface WatchList {
  /** @throws `E_SUBSCRIPTION_LIMIT` */
  add(uri: string): void;
  remove(uri: string): void;
  has(uri: string): boolean;
}

/** Most resources a session or a stream may watch, and the longest URI. */
export const maxWatched = 1000;
const maxUriLength = 2048;

export function createWatchList(): WatchList {
  const uris = new Set<string>();
  return {
    add(uri) {
      if (uri.length > maxUriLength) {
        throw new ParleyError(
          "E_ARGUMENT_INVALID",
          `A URI over ${maxUriLength} characters cannot be watched.`,
        );
      }
      if (uris.size >= maxWatched && !uris.has(uri)) {
        throw new ParleyError(
          "E_SUBSCRIPTION_LIMIT",
          `This session watches ${maxWatched} resources already; unsubscribe from one first.`,
        );
      }
      uris.add(uri);
    },
    remove: (uri) => {
      uris.delete(uri);
    },
    has: (uri) => uris.has(uri),
  };
}

/** Gathers touched resources and tells of each at most once an interval: a slow reader is not buried. */
export interface Touches {
  add(uri: string): void;
  close(): void;
}

const touchIntervalMs = 20;

export function createTouches(tell: (uris: ReadonlySet<string>) => void): Touches {
  let uris = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    const touched = uris;
    uris = new Set();
    tell(touched);
  };
  return {
    add(uri) {
      uris.add(uri);
      timer ??= setTimeout(flush, touchIntervalMs).unref();
    },
    close() {
      clearTimeout(timer);
    },
  };
}
