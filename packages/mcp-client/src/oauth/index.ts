/** OAuth 2.1 for clients of MCP servers: tokens for a person or a program, and where they are kept. */

export { createClientCredentials } from "./client-credentials.ts";
export { createFileStore } from "./file-store.ts";
export { createMemoryStore } from "./store.ts";
export { createOAuth } from "./create-oauth.ts";
export type { ClientCredentialsOptions } from "./client-credentials.ts";
export type { OAuthOptions } from "./create-oauth.ts";
export type { OAuthRecord, OAuthStore, OAuthTokenRecord } from "./store.ts";
