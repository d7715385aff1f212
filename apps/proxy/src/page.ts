import type { Gateway } from "@parley/gateway";
import type { Settings } from "./settings.ts";

/** Puts the page at `/`, unless it is not wanted; it is loaded only where it is served. */
export async function openPage({ app }: Gateway, { page }: Pick<Settings, "page">): Promise<void> {
  if (!page) return;
  const { createGatewayPage } = await import("@parley/page");
  await app.register((scope) => createGatewayPage().plugin(scope));
}
