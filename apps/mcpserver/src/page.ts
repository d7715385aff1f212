import { requireScope } from "@parley/server";
import type { Observer, ParleyServer } from "@parley/server";
import type { Settings } from "./settings.ts";

/** The page at `/` as a server takes it; nothing where none is wanted. */
export interface ServedPage {
  readonly observers: readonly Observer[];
  install(server: ParleyServer): Promise<void>;
}

/** Loads the page only where it is served. */
export async function openPage({ page: isWanted, path }: Settings): Promise<ServedPage> {
  if (!isWanted) return { observers: [], install: async () => undefined };
  const { createPage } = await import("@parley/page");
  const page = createPage({ mcpPath: path, readAccess: requireScope("read") });
  return {
    observers: [page.observer],
    install: async ({ app }) => {
      await app.register((scope) => page.plugin(scope));
    },
  };
}
