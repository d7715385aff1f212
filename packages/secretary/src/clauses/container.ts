import type { ContainerRuntime, Facts, JobRequirements } from "@parley/core";
import type { Finding } from "../clause.ts";
import { absence } from "../scope.ts";
import { list, plainName } from "../words.ts";

/** The runtimes of a site that a request accepts, the request's order first. */
export function fittingRuntimes(requirements: JobRequirements, facts: Facts): readonly ContainerRuntime[] {
  const wanted = requirements.container?.runtimes?.map((runtime) => plainName(runtime));
  if (wanted === undefined || wanted.length === 0) return facts.containers;
  return wanted.flatMap((name) => facts.containers.filter(({ runtime }) => plainName(runtime) === name));
}

export function containerFindings(requirements: JobRequirements, facts: Facts): readonly Finding[] {
  const wanted = requirements.container;
  if (wanted === undefined) return [];
  const fitting = fittingRuntimes(requirements, facts);
  const runtimes = list(wanted.runtimes ?? []).replace(/ and /, " or ");
  const kubernetes = facts.workloads.find(
    ({ manager, status }) => manager === "kubernetes" && status === "present",
  );
  const met = fitting.length > 0 || (runtimes === "" && kubernetes !== undefined);
  const have =
    facts.containers.length === 0
      ? "no container runtime was found"
      : `has ${list(facts.containers.map(({ runtime }) => runtime))}`;
  return [
    {
      path: "container",
      need: runtimes === "" ? `a container runtime for ${wanted.image ?? "an image"}` : runtimes,
      have: met && fitting.length === 0 ? "kubernetes runs images itself" : have,
      outcome: met ? "met" : absence(facts, "container"),
      evidence: (met ? fitting : facts.containers).map(({ evidence }) => evidence),
    },
  ];
}
