import { isRecord } from "../record.ts";
import type { Schema } from "./walk.ts";

/** Where a reference inside a schema leads, as a JSON pointer; nothing when it leads nowhere, out, or back to itself. */
export type FindTarget = (reference: string) => string | undefined;

/** Looks references up in the schema they stand in. */
export function createTargets(schema: Schema): FindTarget {
  const own = typeof schema["$id"] === "string" ? schema["$id"].replace(/#$/, "") : undefined;
  const anchors = new Map<string, string>();
  collectAnchors(schema, "", anchors);
  const pointerOf = (reference: string): string | undefined => {
    const isOwn = own !== undefined && own !== "" && reference.startsWith(own);
    const local = isOwn ? reference.slice(own.length) || "#" : reference;
    if (!local.startsWith("#")) return undefined;
    const fragment = decodePointer(local.slice(1));
    return fragment === "" || fragment.startsWith("/") ? fragment : anchors.get(fragment);
  };
  return (reference) => {
    const first = pointerOf(reference);
    const seen = new Set<string>();
    for (let at = first; at !== undefined;) {
      if (seen.has(at)) return undefined;
      seen.add(at);
      const found = valueAt(schema, at);
      if (!isRecord(found)) return typeof found === "boolean" ? first : undefined;
      const { $ref: next } = found;
      if (typeof next !== "string") return first;
      at = pointerOf(next);
    }
    // The chain ends outside, which is said where it does.
    return first === undefined || seen.size === 0 ? undefined : first;
  };
}

function collectAnchors(value: unknown, pointer: string, anchors: Map<string, string>): void {
  if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) collectAnchors(inner, `${pointer}/${index}`, anchors);
    return;
  }
  if (!isRecord(value)) return;
  const { $anchor: anchor } = value;
  if (typeof anchor === "string" && !anchors.has(anchor)) anchors.set(anchor, pointer);
  for (const [key, inner] of Object.entries(value))
    collectAnchors(inner, `${pointer}/${escapePointer(key)}`, anchors);
}

function valueAt(schema: unknown, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((found, step) => {
      const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
      if (Array.isArray(found)) return found[Number(key)];
      return isRecord(found) && Object.hasOwn(found, key) ? found[key] : undefined;
    }, schema);
}

function decodePointer(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

export function escapePointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
