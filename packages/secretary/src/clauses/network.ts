import type { Fabric, Facts, JobRequirements } from "@parley/core";
import { anyOf, atLeast } from "../clause.ts";
import type { Finding, Outcome } from "../clause.ts";
import { absence, speaksForNodes } from "../scope.ts";
import { list, plainName } from "../words.ts";

type Network = NonNullable<JobRequirements["network"]>;

const aliases: Readonly<Record<string, string>> = {
  ib: "infiniband",
  opa: "omnipath",
  cornelis: "omnipath",
  eth: "ethernet",
};

function fabricKind(name: string): string {
  const plain = plainName(name);
  return aliases[plain] ?? plain;
}

/**
 * One fabric that is of a kind asked for, fast enough and capable of RDMA. Seen on a login node it counts; not seen
 * there says nothing about the compute nodes.
 */
export function networkFindings(requirements: JobRequirements, facts: Facts): readonly Finding[] {
  const wanted = requirements.network;
  if (wanted === undefined || wanted.importance === "ignore") return [];
  if (wanted.fabrics === undefined && wanted.minGbps === undefined && wanted.rdma !== true) return [];
  const outcomes = facts.fabrics.map((fabric) => matchFabric(fabric, wanted));
  const best = anyOf(outcomes);
  const outcome = best === "unmet" ? notThere(facts) : best;
  return [
    {
      path: "network",
      need: networkInWords(wanted),
      have:
        facts.fabrics.length === 0
          ? "no interconnect was read"
          : `has ${list(facts.fabrics.map(fabricInWords))}`,
      outcome,
      importance: wanted.importance,
      evidence: facts.fabrics.map(({ evidence }) => evidence),
    },
  ];
}

function notThere(facts: Facts): Outcome {
  const read = facts.fabrics.some(({ scope }) => speaksForNodes(facts, scope));
  const failed = facts.probes.some(
    ({ category, status }) =>
      category === "network" && ["unreachable", "forbidden", "failed"].includes(status),
  );
  return read && !failed ? "unmet" : absence(facts, "network");
}

function matchFabric(fabric: Fabric, wanted: Network): Outcome {
  const kinds = wanted.fabrics?.map((name) => fabricKind(name));
  if (kinds !== undefined && kinds.length > 0 && !kinds.includes(fabricKind(fabric.kind))) return "unmet";
  if (wanted.rdma === true && !fabric.rdma) return "unmet";
  return wanted.minGbps === undefined ? "met" : atLeast(fabric.bitsPerSecond, wanted.minGbps * 1e9);
}

export function networkInWords(wanted: Network): string {
  const kinds = list(wanted.fabrics ?? []).replace(/ and /, " or ");
  const parts = [
    kinds === "" ? "a network" : kinds,
    wanted.rdma === true ? "with RDMA" : undefined,
    wanted.minGbps === undefined ? undefined : `of at least ${wanted.minGbps} Gb/s`,
  ];
  return parts.filter((part) => part !== undefined).join(" ");
}

function fabricInWords(fabric: Fabric): string {
  const speed =
    fabric.bitsPerSecond === undefined ? "" : ` ${Number((fabric.bitsPerSecond / 1e9).toFixed(1))} Gb/s`;
  return `${fabric.kind}${speed}${fabric.scope === "login-node" ? " (login node)" : ""}`;
}
