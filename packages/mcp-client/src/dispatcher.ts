import { X509Certificate } from "node:crypto";
import { createSecureContext, rootCertificates } from "node:tls";
import { ParleyError } from "@parley/core";
import type { Dispatcher } from "undici";
import { Agent } from "undici";

/**
 * Connections for many clients to share, by origin: give it to each as `dispatcher`, and destroy it after the last.
 * @param ca - PEM certificates trusted beside the well-known ones.
 * @throws {@link ParleyError} `E_CONFIG_INVALID` for an unreadable `ca`
 */
export function createDispatcher(ca?: string): Dispatcher {
  const connect = { timeout: 10_000 };
  if (ca === undefined) return new Agent({ connect });
  try {
    const blocks = ca.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (blocks.length === 0) throw new Error("no certificate in it");
    const trusted = blocks.map((block) => new X509Certificate(block).toString());
    const secureContext = createSecureContext({ ca: [...rootCertificates, ...trusted] });
    return new Agent({ connect: { ...connect, secureContext } });
  } catch (cause) {
    throw new ParleyError("E_CONFIG_INVALID", "The CA certificate cannot be read: pass a PEM file's text.", {
      cause,
    });
  }
}
