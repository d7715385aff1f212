import { X509Certificate } from "node:crypto";
import { createSecureContext, rootCertificates } from "node:tls";
import { ParleyError } from "@parley/core";
import type { Dispatcher } from "undici";
import { Agent, buildConnector } from "undici";

/** PEM certificates, or who knows them at the moment. */
export type CaSource = string | (() => string | undefined);

const connect = { timeout: 10_000 };

/**
 * Connections for many clients to share, by origin: give it to each as `dispatcher`, and destroy it after the last.
 * @param ca - PEM certificates trusted beside the well-known ones; a function is asked before each new connection.
 * @throws {@link ParleyError} `E_CONFIG_INVALID` for an unreadable `ca`
 */
export function createDispatcher(ca?: CaSource): Dispatcher {
  if (typeof ca !== "function") return new Agent({ connect: connectorFor(ca) });
  let text = ca();
  let connector = connectorFor(text);
  return new Agent({
    connect(options, callback) {
      const next = ca();
      if (next !== text) {
        text = next;
        connector = connectorFor(next);
      }
      connector(options, callback);
    },
  });
}

function connectorFor(ca: string | undefined): buildConnector.connector {
  if (ca === undefined) return buildConnector(connect);
  try {
    const blocks = ca.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (blocks.length === 0) throw new Error("no certificate in it");
    const trusted = blocks.map((block) => new X509Certificate(block).toString());
    const secureContext = createSecureContext({ ca: [...rootCertificates, ...trusted] });
    return buildConnector({ ...connect, secureContext });
  } catch (cause) {
    throw new ParleyError("E_CONFIG_INVALID", "The CA certificate cannot be read: pass a PEM file's text.", {
      cause,
    });
  }
}
