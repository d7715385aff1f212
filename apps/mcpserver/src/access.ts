import { type Clock, systemClock } from "@parley/core";
import { anonymous, auditLog, firstOf, staticToken, tokenFile } from "@parley/server";
import type { AuditLog, Authenticator, Observer, ServerOptions } from "@parley/server";
import { isOpenToAll } from "./access-checks.ts";
import type { OAuthResource } from "@parley/server/oauth";
import type { Settings } from "./settings.ts";

export interface AccessDependencies {
  readonly clock?: Clock | undefined;
  readonly notice: (text: string) => void;
  /** What knows callers before the operator's credentials do: a worker's hub. */
  readonly first?: readonly Authenticator[] | undefined;
}

/** Who may call, as the settings have it, ready for `createServer`. */
export interface Access {
  readonly server: Pick<
    ServerOptions,
    "authenticator" | "protectedResource" | "rateLimit" | "bodyLimitBytes" | "maxCalls" | "corsOrigins"
  >;
  close(): Promise<void>;
}

/** Opens the token file and reads what else says who may call. @throws `E_CONFIG_INVALID` */
export async function openAccess(settings: Settings, dependencies: AccessDependencies): Promise<Access> {
  const { clock = systemClock, notice, first = [] } = dependencies;
  const { bearerToken, tokens } = settings;
  const issuer = await openIssuer(settings, { clock, notice });
  const known = [
    ...(bearerToken === undefined ? [] : [staticToken(bearerToken)]),
    ...(tokens === undefined ? [] : [await tokenFile(tokens, { notice, clock })]),
    ...(issuer === undefined ? [] : [issuer.resource.authenticator]),
  ];
  return {
    server: {
      authenticator: firstOf(...first, ...(known.length === 0 ? openDoor(settings) : known)),
      protectedResource: issuer?.resource.protectedResource,
      rateLimit: settings.rateLimit,
      bodyLimitBytes: settings.bodyLimit,
      maxCalls: settings.maxCalls,
      corsOrigins: settings.corsOrigin,
    },
    async close() {
      await issuer?.close();
    },
  };
}

interface Issuer {
  readonly resource: OAuthResource;
  close(): Promise<void>;
}

/** Loads what OAuth needs where an issuer is named, and only there: servers without one start sooner. */
async function openIssuer(
  settings: Settings,
  { clock, notice }: Required<Pick<AccessDependencies, "clock" | "notice">>,
): Promise<Issuer | undefined> {
  if (settings.oauthIssuer === undefined) return undefined;
  const { oauthResource } = await import("@parley/server/oauth");
  const { createReadJson } = await import("./issuer-fetch.ts");
  const issuerFetch = createReadJson(() => settings.trust.pem());
  const resource = oauthResource({
    issuer: settings.oauthIssuer,
    audience: settings.oauthAudience,
    jwksUrl: settings.oauthJwks,
    scopesClaim: settings.oauthScopesClaim,
    scopePrefix: settings.oauthScopePrefix,
    readJson: issuerFetch.readJson,
    clock,
  });
  let isClosed = false;
  // Not waited for: a server starts while its issuer is away.
  resource.warm().catch((error: unknown) => {
    if (!isClosed && error instanceof Error) notice(error.message);
  });
  return {
    resource,
    async close() {
      isClosed = true;
      await issuerFetch.close();
    },
  };
}

/** Without credentials a plain server and a hub are open; a worker lets those near it ask, but not act. */
function openDoor(settings: Settings): readonly Authenticator[] {
  if (settings.role !== "worker") return [anonymous()];
  return isOpenToAll(settings) ? [anonymous(new Set(["read", "negotiate"]))] : [];
}

/** The audit log of the settings; none when they name none. @throws `E_CONFIG_INVALID` */
export async function openAudit(
  { auditLog: to }: Pick<Settings, "auditLog">,
  notice: (text: string) => void,
): Promise<AuditLog | undefined> {
  if (to === undefined) return undefined;
  return auditLog({ to: to === "-" ? 1 : to, notice });
}

/** The log as observers, none or one. */
export function observersOf(audit: AuditLog | undefined): readonly Observer[] {
  return audit === undefined ? [] : [audit.observer];
}
