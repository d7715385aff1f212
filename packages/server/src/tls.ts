import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { ServerOptions as HttpsOptions } from "node:https";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { type Clock, ParleyError, systemClock } from "@parley/core";

/** Where a server's key, certificate and client authorities are (PEM). */
export interface TlsFiles {
  readonly keyFile: string;
  /** The certificate first, then those between it and its authority. */
  readonly certFile: string;
  /** Authorities of client certificates; given, a client without one of theirs is turned away. */
  readonly caFile?: string | undefined;
}

/** Key and certificate as they were read and found to fit each other. */
export interface Tls {
  readonly https: HttpsOptions & SecureContextOptions;
  readonly text: TlsText;
  /** Said where the certificate is no longer, not yet or not much longer valid. */
  readonly warning?: string | undefined;
}

/**
 * Reads and checks what a server needs for TLS 1.2 and above.
 * @throws `E_CONFIG_INVALID` naming the flag and file
 */
export async function openTls(files: TlsFiles, clock: Clock = systemClock): Promise<Tls> {
  return checkTls(files, await readTls(files), clock);
}

/** The text of a server's TLS files. */
export interface TlsText {
  readonly key: string;
  readonly cert: string;
  readonly ca?: string | undefined;
}

export async function readTls({ keyFile, certFile, caFile }: TlsFiles): Promise<TlsText> {
  const [key, cert, ca] = await Promise.all([
    readPem("--ssl-keyfile", keyFile),
    readPem("--ssl-certfile", certFile),
    caFile === undefined ? undefined : readPem("--ssl-ca", caFile),
  ]);
  return ca === undefined ? { key, cert } : { key, cert, ca };
}

/** @throws `E_CONFIG_INVALID` where key, certificate and authorities are no such thing or do not fit */
export function checkTls(files: TlsFiles, text: TlsText, clock: Clock): Tls {
  const certificate = readCertificate("--ssl-certfile", files.certFile, text.cert);
  if (!certificate.checkPrivateKey(readKey(files.keyFile, text.key))) {
    const what = `--ssl-keyfile ${files.keyFile}: the key does not belong to the certificate ${files.certFile}`;
    throw new ParleyError("E_CONFIG_INVALID", `${what}; pass the pair that was made together.`);
  }
  if (files.caFile !== undefined && text.ca !== undefined) readCertificate("--ssl-ca", files.caFile, text.ca);
  const https = { ...text, minVersion: "TLSv1.2", ...(text.ca === undefined ? {} : mutual) } as const;
  try {
    createSecureContext(https);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `--ssl-certfile ${files.certFile}: cannot be used with its key (${why}).`;
    throw new ParleyError("E_CONFIG_INVALID", message, { cause });
  }
  const warning = validityWarning(files.certFile, certificate, clock.now());
  return { https, text, ...(warning === undefined ? {} : { warning }) };
}

const mutual = { requestCert: true, rejectUnauthorized: true } as const;

async function readPem(flag: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    const why = code === "ENOENT" ? "there is no such file" : `cannot be read (${code})`;
    throw new ParleyError("E_CONFIG_INVALID", `${flag} ${path}: ${why}.`, { cause });
  }
}

function readCertificate(flag: string, path: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw new ParleyError("E_CONFIG_INVALID", `${flag} ${path}: no PEM certificate in that file.`, { cause });
  }
}

function readKey(path: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (cause) {
    // Versions of OpenSSL differ in what they say of a missing passphrase; the file itself does not.
    const why = /^(?:-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED)/m.test(text)
      ? `the key is protected by a passphrase; write it without one: openssl pkey -in ${path} -out key.pem`
      : "no PEM private key in that file";
    throw new ParleyError("E_CONFIG_INVALID", `--ssl-keyfile ${path}: ${why}.`, { cause });
  }
}

const dayMs = 86_400_000;
/** A certificate is renewed in its last third; those that live for a day have hours left then. */
const soon = 0.1;

function validityWarning(path: string, certificate: X509Certificate, now: number): string | undefined {
  const from = Date.parse(certificate.validFrom);
  const to = Date.parse(certificate.validTo);
  const said = (what: string): string => `The certificate ${path} ${what}: clients will refuse it.`;
  if (now > to) return said(`expired on ${certificate.validTo}`);
  if (now < from) return said(`is not valid before ${certificate.validFrom}`);
  const left = to - now;
  if (left > Math.min(7 * dayMs, (to - from) * soon)) return undefined;
  return `The certificate ${path} expires on ${certificate.validTo}: renew it; the new one is taken up by itself.`;
}
