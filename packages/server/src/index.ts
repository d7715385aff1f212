/** Serves a tool registry over MCP, both protocol eras, on fastify or stdio. */

export { createServer } from "./server.ts";
export type { ParleyServer, ServerOptions } from "./server.ts";
export type { Listening, ListenOptions } from "./listen.ts";
export { serveStdio } from "./stdio.ts";
export type { ServeStdioOptions } from "./stdio.ts";
export type { Identity } from "./protocol-server.ts";

export { anonymous, bearerToken, firstOf, staticToken } from "./auth.ts";
export type { Authenticator, Caller, Credentials } from "./auth.ts";
export { requireScope } from "./access.ts";
export type { ZodTypeProvider } from "fastify-type-provider-zod";
export type { Era, EraCounts } from "./eras.ts";
export type { CallOutcome, CallRecord, Observer } from "./observer.ts";
