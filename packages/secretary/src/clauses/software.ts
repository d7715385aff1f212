import type {
  Facts,
  InstalledSoftware,
  JobRequirements,
  SoftwareInventory,
  SoftwareRequirement,
} from "@parley/core";
import { anyOf } from "../clause.ts";
import type { Finding, Outcome } from "../clause.ts";
import { satisfiesVersion } from "../versions.ts";
import { list, plainName } from "../words.ts";

/** The names one piece of software goes by, its own first. */
export type ExpandName = (name: string) => readonly string[];

/** Every piece of software named must be found by some source. An image brings its own, so then nothing is asked. */
export function softwareFindings(
  requirements: JobRequirements,
  facts: Facts,
  expand: ExpandName,
): readonly Finding[] {
  if (requirements.container !== undefined) return [];
  return (requirements.software ?? []).flatMap((wanted, index) =>
    wanted.importance === "ignore" ? [] : [softwareFinding(wanted, `software.${index}`, { facts, expand })],
  );
}

function softwareFinding(
  wanted: SoftwareRequirement,
  path: string,
  site: { readonly facts: Facts; readonly expand: ExpandName },
): Finding {
  const names = [wanted.name, ...site.expand(wanted.name)].map((name) => plainName(name));
  const sources = site.facts.software.filter(
    ({ source }) => wanted.via === undefined || source === wanted.via,
  );
  const hits = sources
    .filter((inventory) => answered(inventory))
    .flatMap((inventory) =>
      inventory.found
        .filter(({ name }) => names.includes(plainName(name)))
        .map((entry) => ({ entry, inventory, outcome: matchEntry(entry, wanted) })),
    );
  const best = anyOf(hits.map(({ outcome }) => outcome));
  const outcome = best === "unmet" ? missing(sources, names) : best;
  const shown = hits.filter((hit) => hit.outcome === best);
  const evidence =
    shown.length > 0
      ? shown.map(({ inventory }) => inventory.evidence)
      : sources.map((item) => item.evidence);
  const have = shown.length > 0 ? found(shown, outcome) : notFound(sources, outcome);
  return { path, need: softwareInWords(wanted), have, outcome, importance: wanted.importance, evidence };
}

function answered(inventory: SoftwareInventory): boolean {
  return inventory.status === "present" || inventory.status === "empty";
}

/** Not found is a fact only when some source was asked for the name and no source failed. */
function missing(sources: readonly SoftwareInventory[], names: readonly string[]): Outcome {
  const asked = sources.filter(
    (inventory) =>
      answered(inventory) &&
      (inventory.asked.length === 0 || inventory.asked.some((name) => names.includes(plainName(name)))),
  );
  const failed = sources.some(({ status }) => ["unreachable", "forbidden", "failed"].includes(status));
  return asked.length > 0 && !failed ? "unmet" : "unknown";
}

export function matchEntry(entry: InstalledSoftware, wanted: SoftwareRequirement): Outcome {
  const version = matchVersion(entry.version, wanted);
  const built = matchBuild(entry, wanted.with ?? []);
  if (version === "unmet" || built === "unmet") return "unmet";
  return version === "unknown" || built === "unknown" ? "unknown" : "met";
}

/** A version without an operator is a prefix, as people mean it. */
export function matchVersion(
  have: string | undefined,
  wanted: Pick<SoftwareRequirement, "op" | "version">,
): Outcome {
  if (wanted.version === undefined) return "met";
  if (have === undefined || !/\d/.test(have)) return "unknown";
  return satisfiesVersion(wanted.op ?? "~", have, wanted.version) ? "met" : "unmet";
}

function matchBuild(entry: InstalledSoftware, features: readonly string[]): Outcome {
  if (features.length === 0) return "met";
  if (entry.with === undefined) return "unknown";
  const have = new Set(entry.with.map((feature) => plainName(feature.replace(/^\+/, ""))));
  return features.every((feature) => have.has(plainName(feature))) ? "met" : "unmet";
}

export function softwareInWords(wanted: SoftwareRequirement): string {
  const version = wanted.version === undefined ? "" : ` ${wanted.op ?? "~"} ${wanted.version}`;
  const features = wanted.with === undefined ? "" : ` with ${list(wanted.with)}`;
  return `${wanted.name}${version}${features}${wanted.via === undefined ? "" : ` from ${wanted.via}`}`;
}

function found(
  hits: readonly { readonly entry: InstalledSoftware; readonly inventory: SoftwareInventory }[],
  outcome: Outcome,
): string {
  const names = hits.map(({ entry, inventory }) => {
    const version = entry.version === undefined ? "" : ` ${entry.version}`;
    return `${entry.name}${version} (${inventory.source === "path" ? "on PATH" : inventory.source})`;
  });
  const text = `has ${list([...new Set(names)], 3)}`;
  return outcome === "unknown" ? `${text}, but not all that was asked about it is known` : text;
}

function notFound(sources: readonly SoftwareInventory[], outcome: Outcome): string {
  const looked = sources.filter((inventory) => answered(inventory)).map(({ source }) => source);
  const failed = sources.filter(({ status }) => ["unreachable", "forbidden", "failed"].includes(status));
  if (failed.length > 0)
    return `could not be looked up: ${list(failed.map(({ source, status }) => `${source} is ${status}`))}`;
  return outcome === "unmet" ? `not found in ${list(looked)}` : "no source of software could be asked";
}
