import type { FastifyInstance } from "fastify";
import { serveAssets } from "./serve-assets.ts";

/** A page for a gateway. */
export interface GatewayPage {
  /** Adds `/` and `/-/FILE`; register it before the gateway listens. */
  plugin(scope: FastifyInstance): Promise<void>;
}

const frame = {
  title: "MCP gateway",
  secret: "Key",
  label: "Key of this gateway",
  tokenVariable: "MCPO_API_KEY",
} as const;

/**
 * Makes the page of a gateway: its servers, their calls and errors, and a form for each tool. What it shows comes from
 * `/-/overview` and `/servers/NAME/mcp` of `@parley/gateway`, with the key that a person types.
 */
export function createGatewayPage(): GatewayPage {
  return {
    async plugin(scope) {
      serveAssets(scope, { document: "gateway.html", entry: "gateway.js", files: "-/", frame });
    },
  };
}
