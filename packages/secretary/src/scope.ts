import type { Facts, Scope } from "@parley/core";
import { relevantWorkloads } from "./capacity/place.ts";

/** Whether a reading taken at this scope speaks for the nodes jobs run on. A site whose scheduler is `local` is one machine. */
export function speaksForNodes(facts: Facts, scope: Scope): boolean {
  return scope !== "login-node" || relevantWorkloads(facts).every(({ manager }) => manager === "local");
}

/**
 * What it means that a category of providers reported nothing that fits: `unmet` only when every provider of it
 * answered and one of them looked where jobs run.
 */
export function absence(facts: Facts, category: string): "unmet" | "unknown" {
  const probes = facts.probes.filter((probe) => probe.category === category);
  const failed = probes.some(({ status }) => ["unreachable", "forbidden", "failed"].includes(status));
  return !failed && probes.some(({ scope }) => speaksForNodes(facts, scope)) ? "unmet" : "unknown";
}
