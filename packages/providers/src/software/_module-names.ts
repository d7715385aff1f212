import type { InstalledSoftware } from "@parley/core";

const versionLike = /^v?\d/i;
const suffixVersion = /^(rc|alpha|beta|pre|post|dev)\d*$/i;

/** First parts that sort modules rather than name one. */
const shelf =
  /^(apps?|applications?|bio|cae|chem(istry)?|compilers?|core|data|devel|lang(uages?)?|lib(s|raries)?|math|mpi|numlib|perf|phys|system|toolchains?|tools?|vis)$/i;

/** Parts behind a name that say what it was built with. */
const toolchain =
  /^(aocc|clang|cce|cray|gcc|gnu|icc|impi|intel|llvm|mpich|mvapich2?|nvhpc|oneapi|openmpi|pgi)$/i;

/**
 * The software a module stands for. Besides `name/version` this reads sites' habits: shelves (`chem/lammps/2023`),
 * compilers between (`openmpi/gcc/64/4.1.5`), EasyBuild suffixes (`LAMMPS/23Jun2022-foss-2022b-kokkos`).
 */
export function readModule(module: string): readonly InstalledSoftware[] {
  const parts = module.split("/").filter((part) => part !== "");
  const first = parts.findIndex((part, index) => index > 0 && versionLike.test(part));
  const end = first > 0 ? first : Math.max(1, parts.length - 1);
  const versionPart = pickVersion(parts.slice(end));
  const { version, features } = splitVersion(versionPart);
  return softwareNames(parts.slice(0, end)).map((name) => ({
    name,
    version,
    with: features.length > 0 ? features : undefined,
    location: module,
  }));
}

/** The first part with a dot, else the last that begins like a version: Bright's `64` is the word size. */
function pickVersion(parts: readonly string[]): string | undefined {
  const numbered = parts.filter((part) => versionLike.test(part));
  return numbered.find((part) => part.includes(".")) ?? numbered.at(-1) ?? parts.at(-1);
}

function splitVersion(part: string | undefined): { version?: string; features: string[] } {
  if (part === undefined) return { features: [] };
  const [head = "", ...suffixes] = part.split("-");
  if (!versionLike.test(head)) return { version: part, features: [] };
  const next = suffixes[0];
  const kept = next !== undefined && suffixVersion.test(next) ? `${head}-${next}` : head;
  const features = suffixes.filter((word) => /^[A-Za-z]/.test(word) && !suffixVersion.test(word));
  return { version: kept, features: features.map((word) => word.toLowerCase()) };
}

function softwareNames(parts: readonly string[]): readonly string[] {
  const unshelved = parts.filter((part) => !shelf.test(part));
  const named = unshelved.length > 0 ? unshelved : parts;
  const own = named.filter((part, index) => index === 0 || !toolchain.test(part));
  return [...new Set(own)];
}
