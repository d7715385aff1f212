import { X509Certificate } from "node:crypto";
import { createSecureContext, rootCertificates } from "node:tls";
import { ParleyError } from "@parley/core";
import type { Dispatcher } from "undici";
import { Agent, buildConnector } from "undici";
import { checkedConnect, checkedLookup } from "./checked-connect.ts";
import type { AddressCheck } from "./checked-connect.ts";

/** PEM certificates, or who knows them at the moment. */
export type CaSource = string | (() => string | undefined);

/** A certificate for peers that ask who is calling, and its key (PEM). */
export interface ClientIdentity {
  readonly cert: string;
  readonly key: string;
}

/** A client certificate, or who knows it at the moment. */
export type IdentitySource = ClientIdentity | (() => ClientIdentity | undefined);

const patience = { timeout: 10_000 };

/**
 * Connections for many clients to share, by origin: give it to each as `dispatcher`, and destroy it after the last.
 * @param ca - PEM certificates trusted beside the well-known ones; a function is asked before each new connection.
 * @param identity - shown to peers that ask for a client certificate; a function likewise.
 * @param checkAddress - decides about each address before it is connected to, whatever name led there.
 * @throws {@link ParleyError} `E_CONFIG_INVALID` for an unreadable `ca` or `identity`
 */
export function createDispatcher(
  ca?: CaSource,
  identity?: IdentitySource,
  checkAddress?: AddressCheck,
): Dispatcher {
  const build = (terms: Terms): buildConnector.connector =>
    checkedConnect(connectorFor(terms, checkAddress), checkAddress);
  const terms = (): Terms => ({
    ca: typeof ca === "function" ? ca() : ca,
    identity: typeof identity === "function" ? identity() : identity,
  });
  let used = terms();
  let connector = build(used);
  if (typeof ca !== "function" && typeof identity !== "function") return new Agent({ connect: connector });
  return new Agent({
    connect(options, callback) {
      const next = terms();
      if (next.ca !== used.ca || next.identity?.cert !== used.identity?.cert) {
        connector = build(next);
        used = next;
      }
      connector(options, callback);
    },
  });
}

interface Terms {
  readonly ca: string | undefined;
  readonly identity: ClientIdentity | undefined;
}

function connectorFor({ ca, identity }: Terms, check: AddressCheck | undefined): buildConnector.connector {
  const connect = { ...patience, ...(check === undefined ? {} : { lookup: checkedLookup(check) }) };
  if (ca === undefined && identity === undefined) return buildConnector(connect);
  const trusted = ca === undefined ? {} : { ca: [...rootCertificates, ...readAuthorities(ca)] };
  try {
    return buildConnector({ ...connect, secureContext: createSecureContext({ ...trusted, ...identity }) });
  } catch (cause) {
    const message = "The client certificate cannot be used with its key: pass the PEM text of both.";
    throw new ParleyError("E_CONFIG_INVALID", message, { cause });
  }
}

function readAuthorities(ca: string): string[] {
  try {
    const blocks = ca.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (blocks.length === 0) throw new Error("no certificate in it");
    return blocks.map((block) => new X509Certificate(block).toString());
  } catch (cause) {
    throw new ParleyError("E_CONFIG_INVALID", "The CA certificate cannot be read: pass a PEM file's text.", {
      cause,
    });
  }
}
