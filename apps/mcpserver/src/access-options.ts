import { option, reader, reads } from "@parley/cli";
import { ParleyError } from "@parley/core/errors";
import type { Rate } from "@parley/server";

const group = "Access";

const ratePattern = /^(\d{1,9})\/(\d{1,4})?(s|sec|m|min|h|hour)$/;

/** Who may call a server, how much, and what is kept of it. */
export const accessOptions = {
  tokens: option({
    flags: "--tokens <file>",
    description: "file with callers' tokens, hashed, which `mcpserver token` writes",
    env: ["MCPSERVER_TOKENS"],
    file: "server.tokens",
    group,
    read: reads.text,
  }),
  oauthIssuer: option({
    flags: "--oauth-issuer <url>",
    description: "take access tokens of this OAuth authorization server",
    env: ["MCPSERVER_OAUTH_ISSUER"],
    file: "server.oauth.issuer",
    group,
    read: reads.url,
  }),
  oauthAudience: option({
    flags: "--oauth-audience <name>",
    description: "what access tokens must be meant for, usually this server's address; repeat for more",
    env: ["MCPSERVER_OAUTH_AUDIENCE"],
    file: "server.oauth.audience",
    list: true,
    initial: [],
    group,
    read: reads.list,
  }),
  oauthJwks: option({
    flags: "--oauth-jwks <url>",
    description: "where the issuer's keys are",
    env: ["MCPSERVER_OAUTH_JWKS"],
    file: "server.oauth.jwks",
    initialText: "from the issuer's metadata",
    group,
    read: reads.url,
  }),
  oauthScopesClaim: option({
    flags: "--oauth-scopes-claim <name>",
    description: "claim with the scopes, dotted when nested, as realm_access.roles",
    env: ["MCPSERVER_OAUTH_SCOPES_CLAIM"],
    file: "server.oauth.scopes_claim",
    initialText: "scope, then scp",
    group,
    read: reads.text,
  }),
  oauthScopePrefix: option({
    flags: "--oauth-scope-prefix <text>",
    description: "what the issuer puts before our scope names, as parley:",
    env: ["MCPSERVER_OAUTH_SCOPE_PREFIX"],
    file: "server.oauth.scope_prefix",
    group,
    read: reads.text,
  }),
  rateLimit: option({
    flags: "--rate-limit <count/time>",
    description: "requests of one caller, as 600/min; of one address where nobody is known",
    env: ["MCPSERVER_RATE_LIMIT"],
    file: "server.rate_limit",
    initialText: "none",
    group,
    read: reader({ type: "string", pattern: ratePattern.source }, readRate),
  }),
  bodyLimit: option({
    flags: "--body-limit <size>",
    description: "largest request body, as 512KiB",
    env: ["MCPSERVER_BODY_LIMIT"],
    file: "server.body_limit",
    initialText: "4MiB",
    group,
    read: reader(reads.text.schema, readSize),
  }),
  maxCalls: option({
    flags: "--max-calls <count>",
    description: "calls that may run at once, of tools and of a hub's routes",
    env: ["MCPSERVER_MAX_CALLS"],
    file: "server.max_calls",
    initialText: "any number",
    group,
    read: reads.integer(1, 1_000_000),
  }),
  corsOrigin: option({
    flags: "--cors-origin <origin>",
    description: "let pages of this origin call, as https://app.example; * for all; repeat for more",
    env: ["MCPSERVER_CORS_ORIGIN"],
    file: "server.cors_origins",
    list: true,
    initial: [],
    group,
    read: reader(reads.list.schema, (raw, where) =>
      reads.list(raw, where).map((origin) => readOrigin(origin, where)),
    ),
  }),
  auditLog: option({
    flags: "--audit-log <file>",
    description: "append who did what, one JSON object a line; - for standard output",
    env: ["MCPSERVER_AUDIT_LOG"],
    file: "server.audit_log",
    group,
    read: reads.text,
  }),
};

const unitSeconds: Readonly<Record<string, number>> = { s: 1, sec: 1, m: 60, min: 60, h: 3600, hour: 3600 };

function readRate(raw: unknown, where: string): Rate {
  const text = reads.text(raw, where);
  const [, count, times = "1", unit = ""] = ratePattern.exec(text) ?? [];
  const perSeconds = Number(times) * (unitSeconds[unit] ?? 0);
  if (Number(count) > 0 && perSeconds > 0) return { count: Number(count), perSeconds };
  throw invalid(where, text, "a number of requests in a time, as 600/min, 10/s or 100/30s");
}

const unitBytes: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
const maxBodyBytes = 2 ** 30;

/** Decimal spellings are read as binary ones, as everywhere in Parley. */
function readSize(raw: unknown, where: string): number {
  const text = reads.text(raw, where);
  const [, amount, unit = ""] = /^(\d{1,10})\s*(?:([kmg])?i?b?)$/i.exec(text.trim()) ?? [];
  const bytes = Number(amount) * (unitBytes[unit.toLowerCase()] ?? 0);
  if (bytes >= 1024 && bytes <= maxBodyBytes) return bytes;
  throw invalid(where, text, "a size from 1KiB to 1GiB, as 512KiB or 4MiB");
}

function readOrigin(text: string, where: string): string {
  if (text === "*") return text;
  const url = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && url.pathname === "/" && url.search === "" && url.hash === "") return url.origin;
  throw invalid(where, text, "an origin such as https://app.example, without a path");
}

function invalid(where: string, text: string, wanted: string): ParleyError {
  const shown = JSON.stringify(text.slice(0, 80));
  return new ParleyError("E_CONFIG_INVALID", `${where}: ${shown} is not ${wanted}.`);
}
