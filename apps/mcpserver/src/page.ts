import { requireScope } from "@parley/server";
import type { Page } from "@parley/page";
import type { Settings } from "./settings.ts";

/** The page at `/`, loaded only where it is served: over stdio there is none. */
export async function openPage({ page, path }: Settings): Promise<Page | undefined> {
  if (!page) return undefined;
  const { createPage } = await import("@parley/page");
  return createPage({ mcpPath: path, readAccess: requireScope("read") });
}
