import type { Facts, JobRequirements } from "@parley/core";
import { anyOf } from "../clause.ts";
import type { Finding } from "../clause.ts";
import { absence } from "../scope.ts";
import { list, plainName } from "../words.ts";
import { matchVersion } from "./software.ts";
import type { ExpandName } from "./software.ts";

const aliases: Readonly<Record<string, string>> = {
  impi: "intelmpi",
  intel: "intelmpi",
  mvapich2: "mvapich",
  craympich: "mpich",
};

function implementation(name: string): string {
  const plain = plainName(name);
  return aliases[plain] ?? plain;
}

/** An MPI library of the kind asked for. An image brings its own. */
export function mpiFindings(
  requirements: JobRequirements,
  facts: Facts,
  expand: ExpandName,
): readonly Finding[] {
  const wanted = requirements.mpi;
  if (wanted === undefined || requirements.container !== undefined) return [];
  const names =
    wanted.impl === undefined ? undefined : [wanted.impl, ...expand(wanted.impl)].map(implementation);
  const known = [
    ...facts.mpi,
    ...facts.software.flatMap((inventory) =>
      inventory.found
        .filter(({ name }) => names?.includes(implementation(name)) ?? false)
        .map(({ name, version }) => ({ impl: name, version, evidence: inventory.evidence })),
    ),
  ];
  const fitting = known.filter(({ impl }) => names === undefined || names.includes(implementation(impl)));
  const best = anyOf(fitting.map(({ version }) => matchVersion(version, wanted)));
  const nothing = best === "unmet" && fitting.length === 0;
  const outcome = nothing && facts.mpi.length === 0 ? absence(facts, "parallel") : best;
  const version = wanted.version === undefined ? "" : ` ${wanted.op ?? "~"} ${wanted.version}`;
  const have = known.map((item) => `${item.impl}${item.version === undefined ? "" : ` ${item.version}`}`);
  const finding: Finding = {
    path: "mpi",
    need: `${wanted.impl ?? "an MPI library"}${version}`,
    have: known.length === 0 ? "no MPI library was found" : `has ${list([...new Set(have)])}`,
    outcome,
    importance: wanted.required ? "required" : "preferred",
    evidence: known.map(({ evidence }) => evidence),
  };
  return wanted.lowLatency === true ? [finding, lowLatency(facts)] : [finding];
}

/** Low latency cannot be asked of a library, only of the fabric below it; it never blocks. */
function lowLatency(facts: Facts): Finding {
  const fast = facts.fabrics.filter(({ rdma }) => rdma);
  return {
    path: "mpi.lowLatency",
    need: "a low-latency fabric",
    have: fast.length > 0 ? `has ${list(fast.map(({ kind }) => kind))}` : "no fabric with RDMA is known",
    outcome: fast.length > 0 ? "met" : "unknown",
    importance: "preferred",
    evidence: fast.map(({ evidence }) => evidence),
  };
}
