import type { BookView } from "../view.ts";

/** What the screen shows, and when it is. */
export interface Shown {
  readonly view: BookView;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Holds one value for React's `useSyncExternalStore`. */
export interface Store {
  readonly get: () => Shown;
  readonly subscribe: (listener: () => void) => () => void;
  set(next: Shown): void;
}

export function createStore(first: Shown): Store {
  let current = first;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(next) {
      current = next;
      for (const listener of listeners) listener();
    },
  };
}
