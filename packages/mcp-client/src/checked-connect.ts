import { lookup } from "node:dns";
import { isIP } from "node:net";
import type { LookupFunction } from "node:net";
import type { buildConnector } from "undici";

/** Decides about one address just before it is connected to, by throwing. */
export type AddressCheck = (address: string, host: string) => void;

/** A look-up that gives out no address the check refuses: what is checked is what is connected to. */
export function checkedLookup(check: AddressCheck): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, "", 0);
      try {
        for (const { address } of found) check(address, host);
      } catch (refusal) {
        return callback(refusal instanceof Error ? refusal : new Error(String(refusal)), "", 0);
      }
      const [first] = found;
      if (options.all === true) return callback(null, found);
      callback(null, first?.address ?? "", first?.family ?? 0);
    });
  };
}

/** A connector that also checks addresses which are written out, for which nothing is looked up. */
export function checkedConnect(
  connect: buildConnector.connector,
  check: AddressCheck | undefined,
): buildConnector.connector {
  if (check === undefined) return connect;
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, "");
    try {
      if (isIP(host) !== 0) check(host, host);
    } catch (refusal) {
      callback(refusal instanceof Error ? refusal : new Error(String(refusal)), null);
      return;
    }
    connect(options, callback);
  };
}
