import { ParleyError } from "@parley/core";
import type { McpCommonOptions } from "./options.ts";

/** The other side of a client: how it is named and what may be said of it. */
export interface Peer {
  /** For messages: a host, or a program. */
  readonly host: string;
  /** For the details of errors: `{ url }` or `{ command }`. */
  readonly where: Readonly<Record<string, string>>;
  readonly maxBytes: number;
  readonly identity: { readonly name: string; readonly version: string };
  /** Peer-written text made fit for a message: one line, bounded, without our secrets. */
  quote(text: string): string;
  /** Peer-written data made fit for details: absent when large or when it holds a secret of ours. */
  clean(data: unknown): unknown;
}

/** The most characters of JSON a peer may put into an error's details. */
const maxDataLength = 16_384;

/** What peers of every transport share. */
export function describePeer(
  options: McpCommonOptions,
  { host, where, secrets }: Pick<Peer, "host" | "where"> & { readonly secrets: () => readonly string[] },
): Peer {
  const long = (): string[] => secrets().filter((secret) => secret.length > 7);
  return {
    host,
    where,
    maxBytes: options.maxBytes ?? 16 * 2 ** 20,
    identity: { name: options.name ?? "parley", version: options.version ?? "0.0.0" },
    quote(text) {
      let clean = text.slice(0, 4000);
      for (const secret of long()) clean = clean.replaceAll(secret, "***");
      return clean
        .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ")
        .trim()
        .slice(0, 300);
    },
    clean(data) {
      const text = JSON.stringify(data) ?? "";
      return text.length > maxDataLength || long().some((secret) => text.includes(secret)) ? undefined : data;
    },
  };
}

/** Refuses a number of milliseconds that no timer takes. */
export function checkMilliseconds(name: string, value: number | undefined): void {
  if (value === undefined || (value > 0 && value < 2 ** 31)) return;
  throw new ParleyError("E_ARGUMENT_INVALID", `${name} is ${value}: pass a number of milliseconds above 0.`);
}
