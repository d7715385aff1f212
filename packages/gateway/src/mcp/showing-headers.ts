import type { IncomingHttpHeaders } from "node:http";
import type { Authenticator, Caller } from "@parley/server";
import type { Serving } from "../rest/serving.ts";

/** Asks the keyring, and lets calls see the headers of their caller where some server is to get them. */
export function showingHeaders({ roster, keyring }: Pick<Serving, "roster" | "keyring">): Authenticator {
  return (credentials) => {
    const show = (caller: Caller | undefined): Caller | undefined =>
      caller === undefined || !forwardsAny(roster) ? caller : withHeaders(caller, credentials.headers);
    const known = keyring().authenticator(credentials);
    return known instanceof Promise ? known.then(show) : show(known);
  };
}

function forwardsAny({ upstreams }: Serving["roster"]): boolean {
  for (const { server } of upstreams.values()) if (server.forwarding !== undefined) return true;
  return false;
}

/** A header that came several times is left out, as it is over REST. */
function withHeaders(caller: Caller, headers: IncomingHttpHeaders): Caller {
  const texts = Object.entries(headers).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return { ...caller, headers: Object.fromEntries(texts) };
}
