import { ParleyError } from "@parley/core";
import { isObject } from "../_messages.ts";

/** Names of the SDK's errors, in words of ours; their own words may quote what a server sent. */
const known: Readonly<Record<string, string>> = {
  IssuerMismatchError: "the issuer is not the one that was expected",
  AuthorizationServerMismatchError:
    "the authorization server changed on the way, or is not that of these credentials",
  RegistrationRejectedError: "the authorization server registers no clients: pass a client id",
  InsecureTokenEndpointError: "the token endpoint is not https",
  ZodError: "the authorization server's metadata cannot be read",
  TimeoutError: "the authorization server did not answer in time",
};

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "of an unknown reason";
  const { name, code } = {
    code: undefined,
    ...(isObject(error) ? { code: error["code"] } : {}),
    name: error.name,
  };
  const words = known[name] ?? known[error.constructor.name];
  if (words !== undefined) return words;
  if (typeof code === "string" && /^[a-z_]{3,40}$/.test(code))
    return `the authorization server answered ${code}`;
  if (/Protected resource .* does not match/i.test(error.message))
    return "its metadata names another resource";
  return "the authorization server cannot be reached or answers outside of the protocol";
}

/** The error for an authorization that did not come to its end; it carries nothing a server wrote. */
export function oauthFailure(server: URL, error: unknown): ParleyError {
  if (ParleyError.isInstance(error)) return error;
  const message = `Authorization for ${server.host} failed: ${reasonOf(error)}.`;
  return new ParleyError("E_OAUTH_FAILED", message, { details: { url: server.origin } });
}
