import type { IncomingHttpHeaders } from "node:http";
import type { Authenticator, Caller } from "@parley/server";
import type { Serving } from "../rest/serving.ts";

/** Asks the keyring, and lets calls see the headers of their caller where some server is to get them. */
export function showingHeaders({ roster, keyring }: Pick<Serving, "roster" | "keyring">): Authenticator {
  return async (credentials) => {
    const caller = await keyring().authenticator(credentials);
    return caller === undefined || !forwardsAny(roster) ? caller : withHeaders(caller, credentials.headers);
  };
}

function forwardsAny({ upstreams }: Serving["roster"]): boolean {
  return [...upstreams.values()].some(({ server }) => server.forwarding !== undefined);
}

/** A header that came several times is left out, as it is over REST. */
function withHeaders(caller: Caller, headers: IncomingHttpHeaders): Caller {
  const texts = Object.entries(headers).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return { ...caller, headers: Object.fromEntries(texts) };
}
