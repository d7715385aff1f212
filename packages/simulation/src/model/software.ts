import { createDraw, type Draw } from "../_draw.ts";
import { catalogue, spelling, type CataloguePackage, type SoftwareSource } from "../catalogue/packages.ts";
import type { ClusterModel } from "./cluster-model.ts";
import { archetypeRanges } from "./ranges.ts";

/** One installed package. */
export interface Installation {
  /** The catalogue's name: `pytorch`. */
  readonly package: string;
  /** The source's name: `py-torch`. */
  readonly name: string;
  readonly version: string;
  /** Variants it was built with. */
  readonly with: readonly string[];
  readonly group: string;
}

/** The one Conda environment of a site that has any. */
export const condaPrefix = "/opt/conda";

/** How a package is reached: a spec, a module or the path it is in. */
export function locationOf(source: SoftwareSource, { name, version }: Installation): string {
  if (source === "spack") return `${name}@${version}`;
  if (source === "modules") return `${name}/${version}`;
  return source === "conda" ? condaPrefix : "/usr/lib/python3/site-packages";
}

type Site = Pick<ClusterModel, "workerId" | "archetype" | "node" | "mpi" | "softwareSources">;

const mpiLibraries = new Set(["openmpi", "mpich", "mvapich", "intel-oneapi-mpi"]);
const nvidiaOnly = new Set(["cuda", "cudnn", "nccl", "nvhpc", "vllm"]);

function versionsHere(site: Site, entry: CataloguePackage): readonly string[] {
  if (mpiLibraries.has(entry.name)) {
    return site.mpi.filter(({ impl }) => impl === entry.name).map(({ version }) => version);
  }
  if (nvidiaOnly.has(entry.name) && site.node.gpus?.vendor !== "nvidia") return [];
  if (entry.name === "rocm" && site.node.gpus?.vendor !== "amd") return [];
  return entry.versions;
}

function possible(site: Site, variant: string): boolean {
  if (variant === "cuda") return site.node.gpus?.vendor === "nvidia";
  if (variant === "rocm") return site.node.gpus?.vendor === "amd";
  return variant !== "mpi" || site.mpi.length > 0;
}

function drawVariants(site: Site, entry: CataloguePackage, draw: Draw): string[] {
  return entry.variants.filter((variant) => {
    const wanted = draw.chance(variant === "mpi" ? 0.85 : 0.55);
    return wanted && possible(site, variant);
  });
}

/** How many packages one of the site's sources holds; together they keep the archetype's limits. */
function wantedCount(site: Site): number {
  const draw = createDraw(site.workerId, "software-count");
  const ranges = archetypeRanges[site.archetype];
  const total = draw.integer(...ranges.packages);
  return Math.max(1, Math.ceil(total / site.softwareSources.length));
}

/** What was drawn: every request asks for it, and a draw takes longer than the rest of an answer. */
const drawn = new WeakMap<Site, Map<SoftwareSource, readonly Installation[]>>();

/**
 * Draws what one source holds, in order of name and version. MPI libraries are the site's; packages and
 * variants that need a GPU the site lacks do not occur.
 */
export function drawSoftware(site: Site, source: SoftwareSource): readonly Installation[] {
  const known = drawn.get(site) ?? new Map<SoftwareSource, readonly Installation[]>();
  drawn.set(site, known);
  const items = known.get(source) ?? drawReleases(site, source);
  known.set(source, items);
  return items;
}

function drawReleases(site: Site, source: SoftwareSource): readonly Installation[] {
  const draw = createDraw(site.workerId, `software-${source}`);
  const releases = catalogue()
    .filter((entry) => entry.sources.includes(source))
    .flatMap((entry) =>
      entry.versions.map((version) => {
        const here = versionsHere(site, entry).includes(version);
        const chosen = here && mpiLibraries.has(entry.name);
        // The draw happens for every release, so that the hardware of a site does not shift the others.
        const key = draw.unit() / entry.weight;
        return { entry, version, with: drawVariants(site, entry, draw), here, key: chosen ? 0 : key };
      }),
    )
    .filter(({ here }) => here);
  const kept = releases.toSorted((left, right) => left.key - right.key).slice(0, wantedCount(site));
  return kept
    .map(({ entry, version, with: variants }) => ({
      package: entry.name,
      name: spelling(entry.name, source),
      version,
      with: variants,
      group: entry.group,
    }))
    .toSorted((left, right) => compare(left.name, right.name) || compare(left.version, right.version));
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
