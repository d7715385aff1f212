import { createHash } from "node:crypto";
import { ParleyError } from "@parley/core";
import type { Group } from "../groups/groups.ts";
import type { View } from "../policy/view.ts";
import type { Catalogue } from "../upstream/catalogue.ts";
import type { Roster } from "../upstream/roster.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { mergedDocument, serverDocument } from "./document.ts";
import type { DocumentSettings } from "./document.ts";

/** A document as it leaves: written once for each state of the servers. */
export interface WrittenDocument {
  readonly text: string;
  readonly etag: string;
}

/** The documents of a gateway. */
export interface Documents {
  merged(view: View): WrittenDocument;
  ofGroup(group: Group): WrittenDocument;
  /** @throws `E_OBJECT_UNKNOWN` */
  of(server: string, view: View): WrittenDocument;
}

/** Views whose merged documents are kept; a caller beyond these costs a new writing. */
const maxViews = 32;

export interface DocumentsOptions {
  readonly settings: () => DocumentSettings;
  /** The address of a server, without a final slash; empty where it is alone. */
  readonly baseOf: (server: string) => string;
}

export function createDocuments(roster: Roster, { settings, baseOf }: DocumentsOptions): Documents {
  const single = new WeakMap<Catalogue, Map<string, WrittenDocument>>();
  const merged = new Map<string, { readonly version: number; readonly document: WrittenDocument }>();
  const ofUpstream = (upstream: Upstream, view: View): WrittenDocument => {
    const current = settings();
    const known = single.get(upstream.catalogue) ?? new Map<string, WrittenDocument>();
    single.set(upstream.catalogue, known);
    const key = `${current.isKeyed} ${view.id}`;
    return (
      known.get(key) ??
      keep(known, key, () =>
        serverDocument(upstream, { settings: current, view, base: baseOf(upstream.server.name) }),
      )
    );
  };
  const written = (view: View, group?: Group): WrittenDocument => {
    const current = settings();
    const key = JSON.stringify([current.isKeyed, group?.name ?? "", group?.description ?? "", view.id]);
    const found = merged.get(key);
    if (found?.version === roster.version) return found.document;
    const { version } = roster;
    const document = write(mergedDocument(roster.of(view), { settings: current, view, group }));
    if (merged.size >= maxViews) merged.clear();
    merged.set(key, { version, document });
    return document;
  };
  return {
    merged: (view) => written(view),
    ofGroup: (group) => written(group.view, group),
    of(server, view) {
      const upstream = roster.find(server, view);
      if (upstream === undefined) {
        const shown = JSON.stringify(server.slice(0, 64));
        throw new ParleyError("E_OBJECT_UNKNOWN", `There is no server named ${shown}; see /openapi.json.`);
      }
      return ofUpstream(upstream, view);
    },
  };
}

function keep(
  known: Map<string, WrittenDocument>,
  key: string,
  make: () => Readonly<Record<string, unknown>>,
): WrittenDocument {
  const document = write(make());
  if (known.size < maxViews) known.set(key, document);
  return document;
}

function write(document: Readonly<Record<string, unknown>>): WrittenDocument {
  const text = JSON.stringify(document);
  return { text, etag: `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"` };
}
