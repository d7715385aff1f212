import { ParleyError } from "@parley/core";
import type { Settings } from "./settings.ts";

/** Whether callers can be told from strangers. */
function hasCredentials(settings: Pick<Settings, "bearerToken" | "tokens" | "oauthIssuer">): boolean {
  const { bearerToken, tokens, oauthIssuer } = settings;
  return bearerToken !== undefined || tokens !== undefined || oauthIssuer !== undefined;
}

const loopback = /^(?:127(?:\.\d{1,3}){3}|localhost|\[?::1\]?)$/;

/** Whether a worker answers callers that bring no credential. */
export function isOpenToAll(settings: Pick<Settings, "bindHost" | "insecure">): boolean {
  return loopback.test(settings.bindHost) || settings.insecure;
}

/** A network address needs a credential, except for a joined worker: it then answers nobody but its hub. */
export function refuseOpenDoor(settings: Settings): void {
  const { bindHost, transport, role } = settings;
  if (transport === "stdio" || hasCredentials(settings)) return;
  if (settings.corsOrigin.includes("*") && !settings.insecure) {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      "--cors-origin * lets every page a browser opens call a server without a token: name the origins, set a token, or pass --insecure.",
    );
  }
  if (isOpenToAll(settings) || (role === "worker" && settings.join !== undefined)) return;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `--host ${bindHost} is reachable from the network and no token is set: set MCPSERVER_TOKEN, --token-file, --tokens or --oauth-issuer, or pass --insecure.`,
  );
}

/** Options that only make sense together. */
export function refuseHalfAccess(settings: Settings): void {
  const { oauthIssuer, oauthAudience, oauthJwks, oauthScopesClaim, oauthScopePrefix } = settings;
  if (oauthIssuer !== undefined && oauthAudience.length === 0) {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      "--oauth-issuer needs --oauth-audience: what its tokens must be meant for, usually this server's address.",
    );
  }
  const named = oauthJwks ?? oauthScopesClaim ?? oauthScopePrefix ?? oauthAudience[0];
  if (oauthIssuer === undefined && named !== undefined) {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      "The --oauth options need --oauth-issuer: whose tokens to take.",
    );
  }
  if (settings.auditLog === "-" && settings.transport === "stdio") {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      "--audit-log - writes to standard output, which --transport stdio needs for the protocol: name a file.",
    );
  }
}
