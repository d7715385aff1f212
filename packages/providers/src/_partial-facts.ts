import { Facts, ParleyError, type Evidence } from "@parley/core";
import type { z } from "zod";
import type { PartialFacts } from "./provider.ts";

const Part = Facts.pick({
  workloads: true,
  software: true,
  mpi: true,
  containers: true,
  fabrics: true,
  storage: true,
  hardware: true,
  evidence: true,
});

/** Facts of one provider, every field there. */
export type FactsPart = z.output<typeof Part>;

export function emptyPart(): FactsPart {
  return {
    workloads: [],
    software: [],
    mpi: [],
    containers: [],
    fabrics: [],
    storage: [],
    hardware: [],
    evidence: [],
  };
}

/**
 * Checks what a provider answered: the shape of facts, and evidence behind every item.
 * @throws {@link ParleyError} `E_PROVIDER_FAILED`
 */
export function checkPart(provider: string, part: PartialFacts): FactsPart {
  // Most providers have nothing to say to most requests.
  if (Object.values(part).every((list) => Array.isArray(list) && list.length === 0)) return emptyPart();
  const parsed = Part.safeParse(part);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ParleyError(
      "E_PROVIDER_FAILED",
      `Provider ${provider} answered facts of the wrong shape at ${issue?.path.join(".")}: ${issue?.message}.`,
    );
  }
  const ids = new Set(parsed.data.evidence.map((evidence) => evidence.id));
  if (ids.size !== parsed.data.evidence.length) {
    throw new ParleyError("E_PROVIDER_FAILED", `Provider ${provider} used one evidence id twice.`);
  }
  for (const item of itemsOf(parsed.data)) {
    if (item.evidence === undefined || !ids.has(item.evidence)) {
      throw new ParleyError("E_PROVIDER_FAILED", `Provider ${provider} stated a fact without evidence.`);
    }
  }
  return parsed.data;
}

interface Evidenced {
  evidence?: string | undefined;
}

function itemsOf(part: FactsPart): readonly Evidenced[] {
  const { workloads, software, mpi, containers, fabrics, storage, hardware } = part;
  return [...workloads, ...software, ...mpi, ...containers, ...fabrics, ...storage, ...hardware];
}

/** Joins parts; evidence nothing refers to is dropped, an id two parts share gets a suffix in the later one. */
export function joinParts(parts: readonly FactsPart[]): FactsPart {
  const taken = new Set<string>();
  const unique = parts.map((part) => withUniqueIds(part, taken));
  return {
    workloads: unique.flatMap((part) => part.workloads),
    software: unique.flatMap((part) => part.software),
    mpi: unique.flatMap((part) => part.mpi),
    containers: unique.flatMap((part) => part.containers),
    fabrics: unique.flatMap((part) => part.fabrics),
    storage: unique.flatMap((part) => part.storage),
    hardware: unique.flatMap((part) => part.hardware),
    evidence: unique.flatMap((part) => part.evidence),
  };
}

/** Rewrites the part, which {@link checkPart} copied. */
function withUniqueIds(part: FactsPart, taken: Set<string>): FactsPart {
  const items = itemsOf(part);
  const used = new Set(items.map((item) => item.evidence));
  const renamed = new Map<string, string>();
  const evidence = part.evidence
    .filter(({ id }) => used.has(id))
    .map((entry): Evidence => {
      const id = freeId(entry.id, taken);
      taken.add(id);
      renamed.set(entry.id, id);
      return { ...entry, id };
    });
  for (const item of items) item.evidence = renamed.get(item.evidence ?? "");
  return { ...part, evidence };
}

function freeId(id: string, taken: ReadonlySet<string>): string {
  if (!taken.has(id)) return id;
  let suffix = 2;
  while (taken.has(`${id}~${suffix}`)) suffix += 1;
  return `${id}~${suffix}`;
}
