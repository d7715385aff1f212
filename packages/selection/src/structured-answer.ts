import { Proposal, unreadableStructured } from "@parley/core";
import { isObject } from "./legacy-block.ts";
import type { JsonObject } from "./legacy-block.ts";

export type StructuredAnswer =
  | { readonly kind: "none" }
  | { readonly kind: "proposal"; readonly proposal: Proposal }
  | { readonly kind: "unreadable"; readonly why: string };

/** Finds the typed proposal of an entry, the newest form first; what stands as `structured` has to be one. */
export function findStructured(entry: JsonObject, data: JsonObject | undefined): StructuredAnswer {
  const structured = [data?.["structured"], entry["structured"]].filter((part) => !isNothing(part));
  const typed = [entry["proposal"], ...structured, data?.["proposal"], data, entry].filter(
    (place) => structured.includes(place) || isTyped(place),
  );
  let why: string | undefined;
  for (const place of typed) {
    const read = Proposal.safeParse(withFacts(place));
    if (read.success) return { kind: "proposal", proposal: read.data };
    why ??= unreadableStructured(read.error);
  }
  return why === undefined ? { kind: "none" } : { kind: "unreadable", why };
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

function isTyped(place: unknown): place is JsonObject {
  return isObject(place) && typeof place["schema"] === "string" && place["schema"].startsWith("proposal/");
}

/** A hub leaves the facts out of its short view: nothing is known of them then. */
function withFacts(place: unknown): unknown {
  if (!isObject(place) || place["facts"] !== undefined) return place;
  const { workerId, observedAt } = place;
  return { ...place, facts: { schema: "facts/1", workerId, observedAt } };
}
