import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { ParleyError } from "@parley/core";
import { bearerToken } from "@parley/server";
import type { Authenticator, Caller } from "@parley/server";
import { allScopes } from "@parley/tool-registry";
import type { GatewayKey } from "../config/gateway-config.ts";
import type { CallerTokens } from "./caller-tokens.ts";
import type { Groups } from "../groups/groups.ts";
import { everything, narrowed, ownView, unitedInGroups, viewOf } from "./view.ts";
import type { View } from "./view.ts";

/** The keys of callers. */
export interface Keyring {
  /** Whether nobody needs one. */
  readonly isOpen: boolean;
  readonly authenticator: Authenticator;
  /** What the sender of these headers sees; everything where no key, or an unknown one, is sent. */
  viewOf(headers: IncomingHttpHeaders): View;
  /** Looks at a token first, where there may be one: until then its sender sees nothing. */
  prepare(headers: IncomingHttpHeaders): Promise<void>;
  /** What a caller who was let in sees. */
  viewOfCaller(caller: Pick<Caller, "name" | "scopes">): View;
  /** Headers that a server gets in place of its entry's when this caller calls. */
  credentialsOf(caller: string, server: string): Readonly<Record<string, string>> | undefined;
}

interface Known {
  readonly caller: Caller;
  readonly view: View;
}

/** Among so many keys of one length each is compared with what was sent; among more a digest finds it faster. */
const fewKeys = 4;

/**
 * @param tokens - of an authorization server, taken beside the keys
 * @throws `E_CONFIG_INVALID` for an empty key, and for two of one name or value
 */
export function createKeyring(
  keys: readonly GatewayKey[],
  groups: Groups = new Map(),
  tokens?: CallerTokens,
): Keyring {
  const known = keys.map((key): Known & { readonly key: string } => ({
    key: key.key,
    caller: { name: key.name, scopes: allScopes },
    view: viewOfKey(key, groups),
  }));
  checkKeys(keys);
  const findKey = keyFinder(known);
  const views = new Map(known.map(({ caller, view }) => [caller.name, view]));
  // One request is looked at more than once on its way. Kept with it: a map of requests would be work for the collector.
  const kept = Symbol("sender");
  const credentials = new Map(keys.map((key) => [key.name, new Map(Object.entries(key.credentials ?? {}))]));
  const find = (headers: IncomingHttpHeaders & { [kept]?: Known | "nobody" }): Known | undefined => {
    const before = (headers[kept] ??= read(headers) ?? "nobody");
    return before === "nobody" ? undefined : before;
  };
  const read = (headers: IncomingHttpHeaders): Known | undefined => {
    const sent = sentKey(headers.authorization);
    return sent === undefined ? undefined : findKey(sent);
  };
  return {
    isOpen: keys.length === 0 && tokens === undefined,
    authenticator(credentials) {
      if (keys.length === 0 && tokens === undefined) return nobody;
      return find(credentials.headers)?.caller ?? tokens?.authenticator(credentials);
    },
    viewOf: (headers) => find(headers)?.view ?? tokens?.viewOf(headers) ?? everything,
    async prepare(headers) {
      if (tokens !== undefined && find(headers) === undefined) await tokens.prepare(headers);
    },
    viewOfCaller: (caller) => tokens?.viewOfCaller(caller) ?? views.get(caller.name) ?? everything,
    credentialsOf: (caller, server) => credentials.get(caller)?.get(server),
  };
}

const nobody: Caller = { name: "anonymous", scopes: allScopes };

/** Finds a key in a time that says nothing of its parts; a thousand keys cost little more than one. */
function keyFinder(keys: readonly (Known & { readonly key: string })[]): (sent: string) => Known | undefined {
  const digests = new Map(keys.map((known) => [sha256(known.key), known]));
  const sorted = new Map<number, { readonly bytes: Buffer; readonly known: Known }[]>();
  for (const known of keys) {
    const bytes = Buffer.from(known.key);
    sorted.set(bytes.length, [...(sorted.get(bytes.length) ?? []), { bytes, known }]);
  }
  return (sent) => {
    const bytes = Buffer.from(sent);
    const alike = sorted.get(bytes.length) ?? [];
    if (alike.length > fewKeys) return digests.get(sha256(sent));
    let found: Known | undefined;
    for (const each of alike) if (timingSafeEqual(each.bytes, bytes)) found = each.known;
    return found;
  };
}

/** Servers that get a key's own credentials may show it what they show nobody else. */
function viewOfKey(key: GatewayKey, groups: Groups): View {
  const view = listedView(key, groups);
  return Object.keys(key.credentials ?? {}).length === 0 ? view : ownView(view, key.name);
}

/** A key of certain groups sees what is in any of them, and of that what its other lists let through. */
function listedView(key: GatewayKey, groups: Groups): View {
  const own = viewOf(key);
  const names = key.groups ?? [];
  if (names.length === 0) return own;
  return narrowed(
    own,
    unitedInGroups(
      names.flatMap((name) => groups.get(name)?.view ?? []),
      names,
    ),
  );
}

/** A bearer token, or the password of any user, as browsers send it. */
function sentKey(authorization: string | undefined): string | undefined {
  const basic = /^basic +(\S+)$/i.exec(authorization?.trim() ?? "")?.[1];
  if (basic === undefined) return bearerToken(authorization);
  const text = Buffer.from(basic, "base64").toString("utf8");
  const cut = text.indexOf(":");
  return cut < 0 ? undefined : text.slice(cut + 1);
}

function checkKeys(keys: readonly GatewayKey[]): void {
  for (const [index, { name, key }] of keys.entries()) {
    if (key.trim() === "") throw refusal(`The key ${JSON.stringify(name)} is empty`);
    const twin = keys.findIndex((other) => other.name === name || other.key === key);
    if (twin < index)
      throw refusal(`The key ${JSON.stringify(name)} is there twice, by its name or its value`);
  }
}

function refusal(what: string): ParleyError {
  return new ParleyError("E_CONFIG_INVALID", `${what}: give each caller a key of its own.`);
}

function sha256(text: string): string {
  return hash("sha256", text, "base64");
}
