import type { FastifyInstance } from "fastify";

/** What a page may read of an answer: the MCP headers and what a refusal says. */
const exposedHeaders = ["Mcp-Session-Id", "MCP-Protocol-Version", "WWW-Authenticate", "Retry-After"];

/**
 * Lets pages of other origins call this server. Cookies are never sent, so a page needs a token of its own; the
 * question a browser asks first is answered without one.
 * @param origins - as browsers send them, `https://app.example`; `*` means every page.
 */
export function installCors(app: FastifyInstance, origins: readonly string[]): void {
  void app.register(import("@fastify/cors"), {
    origin: origins.includes("*") ? "*" : [...origins],
    methods: ["GET", "POST", "DELETE"],
    exposedHeaders,
    maxAge: 600,
  });
}
