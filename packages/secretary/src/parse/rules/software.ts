import type { JobRequirements, SoftwareRequirement } from "@parley/core";
import {
  everydayNames,
  findApplication,
  mpiImplementations,
  requirementWords,
  stopWords,
  termReader,
  utilities,
} from "../../vocabulary/index.ts";
import { addSoftware, fill, fillGpu, fillMpi } from "../draft.ts";
import { readMark, type Outcome } from "../marks.ts";
import { wordsBetween, type Hit, type Reading, type Rule } from "../mask.ts";
import { isStrongVersion, readVersion, versionBehind } from "../versions.ts";
import { readWish, type Named } from "../wish.ts";

const nameOfMpi = termReader(mpiImplementations);
const features =
  "kokkos|cuda|rocm|hip|openmp|mpi|plumed|openacc|sycl|opencl|hdf5|netcdf|fftw|mkl|python|gpu|reaxff|double precision|single precision";
const versionAt = new RegExp(versionBehind, "y");
const withAt = new RegExp(
  `,? (?:built |compiled |configured )?(?:with|including|\\+) ((?:${features})(?:(?:,? and |, | \\+ |\\+)(?:${features})){0,4})(?: (?:enabled|support|turned on|variants?))?(?![\\w-]| ?[<>=~]| \\d| version)`,
  "y",
);
const viaAt =
  /,? (?:is )?(?:(?:that is |which is )?(?:built|installed|available|provided|loaded|delivered|managed)? ?(?:through|with|via|using|from|by|in|as) (?:an? |the )?)(spack|lmod|(?:environment )?modules?|conda|mamba|anaconda|miniconda|pip|virtualenv|venv)(?: (?:env(?:ironment)?s?|packages?|modules?|install(?:ation)?))?(?![\w-])/y;
const installedAt =
  /(?: (?:is |be )?(?:pre-?)?(?:installed|available|present))?(?: (?:simulations?|jobs?|runs?|calculations?|code|training|assembly|workload))?(?![\w-])/y;

function sticky(pattern: RegExp, reading: Reading, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(reading.work) ?? undefined;
}

function viaOf(words: string): SoftwareRequirement["via"] {
  if (/spack/.test(words)) return "spack";
  if (/conda|mamba/.test(words)) return "conda";
  return /pip|venv|virtualenv/.test(words) ? "pip" : "modules";
}

/** A name may be a word of several; the longest one known wins. `R` counts only as a capital. */
function longestName(
  hit: Hit,
  known: ReadonlyMap<string, string>,
): { name: string; end: number; words: string } | undefined {
  const { work } = hit.reading;
  const window = work.slice(hit.start, hit.start + 64);
  const words = /^[a-z0-9_][\w.+-]{0,60}(?: [a-z0-9_][\w.+-]{0,40}){0,3}/.exec(window)?.[0].split(" ") ?? [];
  for (let size = Math.min(4, words.length); size > 0; size -= 1) {
    const phrase = words
      .slice(0, size)
      .join(" ")
      .replace(/[.-]+$/, "");
    const name = known.get(phrase) ?? findApplication(phrase)?.name;
    if (
      name !== undefined &&
      !(phrase === "r" && wordsBetween(hit.reading, hit.start, hit.start + 1) !== "R")
    ) {
      return { name, end: hit.start + phrase.length, words: phrase };
    }
  }
  return attachedVersion(hit, words[0] ?? "");
}

/** `gromacs-2023.1`, `python3.11`, `gcc12`, `lammps@2023`: a name with its version attached. */
function attachedVersion(hit: Hit, token: string): { name: string; end: number; words: string } | undefined {
  const split = /^([a-z][a-z+_-]{0,40}?)(?:-v?(?=\d)|(?=\d))\d[\w.]{0,30}$/.exec(token);
  const words = split?.[1] ?? "";
  const application = findApplication(words);
  if (!application || (words.length < 3 && !token.startsWith(`${words}-`))) return undefined;
  return { name: application.name, end: hit.start + words.length, words };
}

/** Everyday words are names only beside a version or straight after a verb of running. */
function meant(hit: Hit, words: string, version: string | undefined): boolean {
  if (!everydayNames.has(words) && !utilities.has(words)) return true;
  if (version !== undefined) return true;
  const before = hit.reading.work.slice(Math.max(0, hit.start - 16), hit.start);
  if (
    /(?:^|[^a-z])(?:run|running|runs|execute|launch|install|installed|called|named) (?:the )?$/.test(before)
  )
    return true;
  const behind = hit.reading.work.slice(hit.start + words.length, hit.start + words.length + 16);
  if (
    /(?:^|[,;:\n|/] ?|\. )$/.test(before.slice(-2).replace(readMark, ";")) &&
    /^ ?(?:[,;\n|]|\.(?: |$)|$)/.test(behind)
  )
    return true;
  const listed = /([\w+.-]{2,30}),? and $/.exec(before)?.[1];
  if (/\b(?:for|with|using) $/.test(before) && /^ ?(?:[.!?]? ?$|[.!?;\n])/.test(behind)) return true;
  if (listed !== undefined && findApplication(listed) && /^ ?(?:[,;\n]|\.(?: |$)|$)/.test(behind))
    return true;
  if (
    /\b(?:for|with|using|of|an?|my|our|the) $/.test(before) &&
    /^ (?:assembl|simulation|calculation|jobs?\b|runs?\b|codes?\b|renders?\b|solver|input|workflow)/.test(
      behind,
    )
  )
    return true;
  const original = wordsBetween(hit.reading, hit.start, hit.start + words.length);
  return original.length > 2 && original === original.toUpperCase();
}

/** Reads what stands behind a name: version, features, where it comes from. */
function complete(hit: Hit, item: SoftwareRequirement, from: number): Named {
  const { reading } = hit;
  let found: Named = { item, end: from };
  const version = sticky(versionAt, reading, from);
  const read = version && readVersion(originalVersion(reading, from, version[0]));
  if (version && read) found = { item: { ...item, ...read }, end: from + version[0].length };
  for (let round = 0; round < 2; round += 1) found = readSource(reading, readFeatures(reading, found));
  const installed = sticky(installedAt, reading, found.end)?.[0].length ?? 0;
  return readWish(reading, hit.start, { item: found.item, end: found.end + installed });
}

const loader = /\b(pip3? install|(?:conda|mamba) install|spack (?:install|load))(?: [\w./@=-]{1,40}){0,6} $/;

/** `pip install`, `spack load` in front of a name say where it comes from. */
function loadedBy(hit: Hit): Pick<SoftwareRequirement, "via"> {
  const { text, offsets } = hit.reading;
  const at = offsets[hit.start] ?? 0;
  const words = loader.exec(text.slice(Math.max(0, at - 120), at).toLowerCase())?.[1];
  if (words === undefined) return {};
  return { via: viaOf(words) };
}

function readFeatures(reading: Reading, { item, end }: Named): Named {
  const built = item.with ? undefined : sticky(withAt, reading, end);
  if (!built) return { item, end };
  return { item: { ...item, with: (built[1] ?? "").split(/,? and |, | ?\+ ?/) }, end: end + built[0].length };
}

function readSource(reading: Reading, { item, end }: Named): Named {
  const via = item.via ? undefined : sticky(viaAt, reading, end);
  return via ? { item: { ...item, via: viaOf(via[1] ?? "") }, end: end + via[0].length } : { item, end };
}

/** Versions keep the case of their letters (`23Jun2022`) unless number words were rewritten in between. */
function originalVersion(reading: Reading, start: number, matched: string): string {
  const original = wordsBetween(reading, start, start + matched.length);
  return original.toLowerCase() === matched ? original : matched;
}

function accept(hit: Hit, { item, end }: Named): Outcome {
  const { draft } = hit.reading;
  const wished = item.importance === "preferred";
  const bareRuntime = item.version === undefined ? runtimeOf([item.name]) : undefined;
  if (bareRuntime && draft.gpu?.need !== "none") {
    return wished || needRuntime(draft, bareRuntime) === "refused" ? "refused" : { path: "gpu.runtime", end };
  }
  const outcome = addSoftware(draft, item);
  if (outcome === "refused" || outcome === undefined) return outcome;
  if (wished) return { path: outcome.path, end };
  const impl = nameOfMpi(item.name);
  if (impl !== undefined) fillMpi(draft, { impl });
  const runtime = runtimeOf([item.name, ...(item.with ?? [])]);
  if (runtime && draft.gpu?.need !== "none") needRuntime(draft, runtime);
  return { path: outcome.path, end };
}

type Runtime = "cuda" | "rocm";

function runtimeOf(names: readonly string[]): Runtime | undefined {
  if (names.includes("cuda")) return "cuda";
  return names.includes("rocm") ? "rocm" : undefined;
}

/** CUDA and ROCm each run on one vendor's processors. */
function needRuntime(draft: JobRequirements, runtime: Runtime): Outcome {
  const vendor = runtime === "cuda" ? "nvidia" : "amd";
  return fillGpu(draft, { runtime, ...(draft.gpu?.vendor === undefined ? { vendor } : {}) });
}

const negated = /(?:\bno|\bnot|\bwithout|\bnever|\bavoid) (?:using |any )?$/;

/** Names, versions and features of software anywhere in the request. */
function namedSoftware(known: ReadonlyMap<string, string>): Rule {
  return {
    name: "software",
    pattern: /(?<![\w./@-])(?<![\w]\+)[a-z0-9_][\w.+-]{0,60}/g,
    read: (hit) => {
      const name = longestName(hit, known);
      if (!name) return unknownWithVersion(hit);
      const next = hit.reading.work[name.end];
      const found = complete(hit, { name: name.name, ...loadedBy(hit) }, name.end);
      const bounded = next === undefined || !/[\p{L}\p{N}_-]/u.test(next) || found.item.version !== undefined;
      if (!bounded || !meant(hit, name.words, found.item.version)) return undefined;
      if (negated.test(hit.reading.work.slice(Math.max(0, hit.start - 20), hit.start))) return "refused";
      if (utilities.has(name.name) && found.item.version === undefined) return undefined;
      return accept(hit, found);
    },
  };
}

/** A name nobody listed is software when a version is compared right behind it. */
function unknownWithVersion(hit: Hit): Outcome {
  const token = /^[a-z][a-z0-9_+-]{1,40}/.exec(hit.groups[0] ?? "")?.[0] ?? "";
  if (
    token === "" ||
    stopWords.has(token) ||
    requirementWords.has(token) ||
    token === "version" ||
    token.length < (hit.groups[0] ?? "").replace(/\.$/, "").length
  )
    return undefined;
  const at = hit.start + token.length;
  const version = sticky(versionAt, hit.reading, at);
  if (!version || !isStrongVersion(version[0]) || /^=[^=]/.test(version[0])) return undefined;
  return accept(hit, complete(hit, { name: wordsBetween(hit.reading, hit.start, at).toLowerCase() }, at));
}

const slot =
  /\b(?:run|running|runs|execute|executing|launch|simulate with|has|have|having|need|needs|install|installed|using|use|called|named|application|program|code|software|package|deploy|training|train with)(?: the| an?| my| our)?(?: (?:application|program|code|software|package|binary|executable|solver|tool))?:? (?<![\w.-])([a-z_][\w.+-]{1,40}[\w+])(?![\w/:@=]|-[a-z])/g;

/** If nothing named software, the word behind "run" does. */
const slotRule: Rule = {
  name: "software slot",
  pattern: slot,
  read: (hit) => {
    const { draft } = hit.reading;
    const name = hit.groups[1] ?? "";
    if (
      draft.software ||
      draft.execution?.command !== undefined ||
      stopWords.has(name) ||
      /^\d|ly$|ing$|-(?:node|core)$/.test(name)
    )
      return undefined;
    if (utilities.has(name)) return fill(draft, "execution", ["command", name]);
    const verb =
      /\b(?:run|execut|launch|called|named|application|program|software|package|install|deploy)/.test(
        hit.groups[0] ?? "",
      );
    const at = hit.end;
    const ends =
      /^(?: (?:on|with|for|using|at|in|over|across|within|by|and|installed|available|please|via|under)\b| ?[^\w\s-]| ?$)/.test(
        hit.reading.work.slice(at, at + 12),
      );
    if (!verb || !ends) return undefined;
    const found = complete(hit, { name }, at);
    return accept(hit, found);
  },
};

const viaLater: Rule = {
  name: "software source",
  pattern:
    /(?:(?:in|from|via|through|using|use|with|as) (?:an? |the )?)(spack|conda|mamba|pip|lmod|environment modules|modules)(?: (?:env(?:ironment)?s?|packages?|modules?))?(?![\w-])/g,
  read: (hit) => {
    const { draft } = hit.reading;
    const [item] = draft.software ?? [];
    if (!item || item.via !== undefined || (draft.software?.length ?? 0) > 1) return undefined;
    draft.software = [{ ...item, via: viaOf(hit.groups[1] ?? "") }];
    return { path: "software.0.via" };
  },
};

/** `Version: 2024.1` on its own belongs to the software named last. */
const versionLabel: Rule = {
  name: "version label",
  pattern: /(?<![\w-])(?:in )?version(?: is|:|=)? ?(v?\d{1,8}(?:[._-][a-z0-9]{1,12}){0,6})(?![\w])/g,
  read: (hit) => {
    const { draft } = hit.reading;
    const last = draft.software?.at(-1);
    const read = readVersion(` ${hit.groups[1] ?? ""}`);
    const denied = / not\b/.test(hit.reading.work.slice(hit.end, hit.end + 5));
    if (!last || last.version !== undefined || !read || denied) return undefined;
    return addSoftware(draft, { ...last, ...read });
  },
};

/** The rules for one set of extra names, which the clusters' own inventories report. */
export function softwareRules(vocabulary: readonly string[]): readonly Rule[] {
  const known = new Map<string, string>();
  for (const name of vocabulary) {
    const key = name.toLowerCase();
    if (key.length > 1 && key.length <= 60 && !stopWords.has(key))
      known.set(key, findApplication(key)?.name ?? name);
  }
  return [namedSoftware(known), versionLabel, slotRule, viaLater];
}
