/** Serves a tool registry over MCP, both protocol eras, on fastify or stdio. */

export { createServer } from "./server.ts";
export type { ParleyServer, ServerOptions } from "./server.ts";
export type { Listening, ListenOptions } from "./listen.ts";
export { serveStdio } from "./stdio.ts";
export type { ServeStdioOptions } from "./stdio.ts";
export type { TaskServing } from "./tasks.ts";
export type { Identity } from "./identity.ts";

export type { EventLimits } from "./events/limits.ts";

export { anonymous, bearerToken, firstOf, staticToken } from "./auth.ts";
export type { Authenticator, Caller, Credentials } from "./auth.ts";
export { requireScope } from "./access.ts";
export { tokenFile } from "./tokens/token-file.ts";
export type { TokenFileOptions } from "./tokens/token-file.ts";
export { tokenStore } from "./tokens/token-store.ts";
export type { NewToken, TokenInfo, TokenStore, TokenStoreOptions } from "./tokens/token-store.ts";
export type { ProtectedResource } from "./oauth/protected-resource.ts";
export { isDeeperThan, maxDepth } from "./json-body.ts";
export { createRateLimit } from "./limits/rate-limit.ts";
export type { Rate, RateLimit } from "./limits/rate-limit.ts";
export { redactArgs, redactText } from "./audit/redact-args.ts";
export { auditLog } from "./audit/audit-log.ts";
export type { AuditLog, AuditLogOptions } from "./audit/audit-log.ts";
export type { ZodTypeProvider } from "fastify-type-provider-zod";
export type { Era, EraCounts } from "./eras.ts";
export type { CallOutcome, CallRecord, Observer, RequestRecord } from "./observer.ts";

export { pagesNeeded } from "./pages-needed.ts";
export type { PagesNeeded } from "./pages-needed.ts";
export { inTraceOf, traced } from "./tracing.ts";
export type { TracedRequest } from "./tracing.ts";
export { openTls } from "./tls.ts";
export type { Tls, TlsFiles, TlsText } from "./tls.ts";
export { watchTls } from "./tls-reload.ts";
export type { TlsWatch, TlsWatcher } from "./tls-reload.ts";
export type { Activity, SessionCounts } from "./activity.ts";
