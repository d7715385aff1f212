import { SoftwareLoad } from "@parley/core";
import type { Facts, InstalledSoftware, SoftwareInventory, SoftwareRequirement } from "@parley/core";
import { matchEntry } from "./clauses/software.ts";
import type { ExpandName } from "./clauses/software.ts";
import { compareVersions } from "./versions.ts";
import { plainName } from "./words.ts";

/** What a secretary knows about names of software. */
export interface SoftwareNames {
  /** Other names of a piece of software. */
  readonly expand: ExpandName;
  /** Executables of software, the usual one first; empty for a library, `undefined` for software nobody knows. */
  readonly binaries: (name: string) => readonly string[] | undefined;
}

/** Where a piece of software is at a site, and how a job gets at it. */
export interface Installed {
  readonly name: string;
  readonly source: SoftwareInventory["source"];
  /** The executable to run: a path, or a name that will be on the search path. Absent for a library. */
  readonly program?: string | undefined;
  /** Absent for what is on the search path already. */
  readonly load?: SoftwareLoad | undefined;
}

/** Where software is taken from, the readiest first. */
const order = ["path", "modules", "spack", "conda"] as const;
type Loadable = (typeof order)[number];

/** Packages that extend a language: there is nothing in them to run. */
const extension = /^(?:lua|perl|py|python|r(?!-base$)|rb|ruby)-/i;

export interface InstalledContext {
  readonly facts: Facts;
  readonly names: SoftwareNames;
  /** Set when the engine loads no software: the manager's name. What is on the search path then comes first. */
  readonly loadless?: string | undefined;
}

interface Candidate {
  readonly entry: InstalledSoftware;
  readonly source: Loadable;
  readonly rank: readonly number[];
}

/**
 * The installation of a piece of software that a job should use: one that surely fits before one of which not all is
 * known, then what is on the search path, then modules, Spack, Conda; of several versions the newest.
 */
export function findInstalled(
  software: SoftwareRequirement,
  { facts, names, loadless }: InstalledContext,
): Installed | undefined {
  const binaries = names.binaries(software.name);
  const wanted = [...(binaries ?? []), software.name, ...names.expand(software.name)].map((name) =>
    plainName(name),
  );
  const candidates = facts.software.flatMap(({ source, found }) =>
    source === "pip" || (software.via !== undefined && software.via !== source)
      ? []
      : found.flatMap((entry) => candidate({ entry, source, wanted, software })),
  );
  const onPath = candidates.filter(({ source }) => source === "path");
  const best = (loadless === undefined || onPath.length === 0 ? candidates : onPath).toSorted(
    (left, right) =>
      compareRanks(left.rank, right.rank) ||
      compareVersions(right.entry.version ?? "", left.entry.version ?? ""),
  )[0];
  return best === undefined
    ? undefined
    : installed(best, usualProgram(best.entry, binaries ?? [software.name]));
}

function candidate(item: {
  readonly entry: InstalledSoftware;
  readonly source: Loadable;
  readonly wanted: readonly string[];
  readonly software: SoftwareRequirement;
}): readonly Candidate[] {
  const { entry, source, wanted, software } = item;
  const spelling = wanted.indexOf(plainName(entry.name));
  const outcome = matchEntry(entry, software);
  if (spelling < 0 || outcome === "unmet" || !reachable(source, entry)) return [];
  return [{ entry, source, rank: [outcome === "met" ? 0 : 1, order.indexOf(source), spelling] }];
}

function reachable(source: Loadable, entry: InstalledSoftware): boolean {
  if (source === "path") return entry.location === undefined || entry.location.startsWith("/");
  return loadOf(source, entry) !== undefined;
}

function loadOf(source: Exclude<Loadable, "path">, entry: InstalledSoftware): SoftwareLoad | undefined {
  return SoftwareLoad.safeParse({ via: source, name: entry.location }).data;
}

function usualProgram({ name }: InstalledSoftware, binaries: readonly string[]): string | undefined {
  return extension.test(name) ? undefined : binaries[0];
}

function installed({ entry, source }: Candidate, usual: string | undefined): Installed {
  const { name, location } = entry;
  return source === "path"
    ? { name, source, program: location ?? name }
    : { name, source, program: usual, load: loadOf(source, entry) };
}

function compareRanks(left: readonly number[], right: readonly number[]): number {
  return left.map((value, index) => value - (right[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
