/** A page at `/` that shows and tries what an MCP server offers, for a fastify app. */

export { createPage } from "./page.ts";
export type { Page, PageOptions } from "./page.ts";
export type { PageCall, SeenCall } from "./call-log.ts";
