import type { Resource } from "./definitions.ts";

/** Hears what resources say of their changes while a registry holds them. */
export interface Watches {
  /** Begins with resources that are new and ends with those that are gone. */
  follow(resources: readonly Resource[]): void;
}

export function createWatches(touched: (uri: string) => void): Watches {
  const stops = new Map<Resource, () => void>();
  return {
    follow(resources) {
      const watched = new Set(
        resources.filter((resource) => "watch" in resource && resource.watch !== undefined),
      );
      for (const [resource, stop] of stops) {
        if (watched.has(resource)) continue;
        stops.delete(resource);
        stop();
      }
      for (const resource of watched) {
        if (stops.has(resource)) continue;
        const stop = resource.watch?.(touched);
        if (stop !== undefined) stops.set(resource, stop);
      }
    },
  };
}
