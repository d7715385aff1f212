import type { Draft } from "../draft.ts";
import { readMemory } from "../fields/memory.ts";

/** One kind of chunk of a select statement. */
interface Chunk {
  readonly count: number;
  readonly resources: ReadonlyMap<string, string>;
}

function readChunk(text: string): Chunk {
  const parts = text.split(":");
  const first = /^\d+$/.test(parts[0] ?? "") ? parts.shift() : undefined;
  const resources = parts.map((part): [string, string] => {
    const [name = "", ...value] = part.split("=");
    return [name, value.join("=")];
  });
  return { count: Number(first ?? 1), resources: new Map(resources) };
}

const numberIn = (chunk: Chunk, name: string): number | undefined => {
  const text = chunk.resources.get(name);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
};
const processesIn = (chunk: Chunk): number => Math.max(1, numberIn(chunk, "mpiprocs") ?? 1);
const coresIn = (chunk: Chunk): number => {
  const cores = numberIn(chunk, "ncpus");
  if (cores === undefined) return numberIn(chunk, "ompthreads") ?? 1;
  return Math.max(1, Math.floor(cores / processesIn(chunk)));
};

const gpuNames = /^(?:accelerator_(?:type|model)|gpu_(?:type|model|id))$/;
const counted = new Set([
  "ncpus",
  "mpiprocs",
  "ompthreads",
  "ngpus",
  "naccelerators",
  "mem",
  "host",
  "vnode",
]);

/** Reads hosts, features and GPU types of chunks. */
function readNames(chunks: readonly Chunk[], draft: Draft): void {
  const all = chunks.flatMap(({ resources }) => Array.from(resources));
  const hosts = all.filter(([name]) => name === "host" || name === "vnode").map(([, value]) => value);
  if (hosts.length > 0) draft.set("nodelist", hosts);
  const type = all.find(([name]) => gpuNames.test(name))?.[1];
  if (type !== undefined) draft.set("gpuType", type);
  const features = all
    .filter(([name]) => !counted.has(name) && !gpuNames.test(name))
    .map(([name, value]) => (/^(?:true)?$/i.test(value) ? name : `${name}=${value}`));
  if (features.length > 0) draft.set("constraints", Array.from(new Set(features)));
}

/** What all chunks agree on; a disagreement is reported. */
function agreed<T>(chunks: readonly Chunk[], get: (chunk: Chunk) => T, unequal: () => void): T | undefined {
  const [first, ...rest] = chunks.map(get);
  if (rest.some((value) => value !== first)) unequal();
  return first;
}

function readAmounts(chunks: readonly Chunk[], draft: Draft, spread: boolean): void {
  const differ = (what: string) => () =>
    draft.lose({ why: "approximated", note: `Chunks differ in ${what}: the first one's is carried.` });
  const gpus = agreed(
    chunks,
    (chunk) => numberIn(chunk, "ngpus") ?? numberIn(chunk, "naccelerators") ?? 0,
    differ("GPUs"),
  );
  if (gpus !== undefined && gpus > 0) draft.set(spread ? "gpusPerNode" : "gpusPerTask", gpus);
  const memory = agreed(chunks, (chunk) => chunk.resources.get("mem"), differ("memory"));
  const bytes = memory === undefined ? undefined : readMemory(memory, "");
  if (bytes !== undefined) draft.set(spread ? "memoryBytesPerNode" : "memoryBytesPerTask", bytes);
  else if (memory !== undefined) draft.lose({ why: "unknown", note: `${memory} is no amount of memory.` });
  for (const chunk of chunks) {
    const cores = numberIn(chunk, "ncpus") ?? 0;
    if (cores % processesIn(chunk) !== 0 && cores > processesIn(chunk)) {
      draft.lose({ why: "approximated", field: "cpusPerTask", note: "ncpus is no multiple of mpiprocs." });
    }
  }
}

/**
 * Reads a select statement. A chunk is taken for a node, as nearly every script means it, unless the job says
 * `place=free` and a chunk has one process: then a chunk is a task.
 */
export function readSelect(text: string, draft: Draft, place: string): void {
  const chunks = text.split("+").map(readChunk);
  const free = /(?:^|:)(?:free|pack)(?::|$)/.test(place) && chunks.every((chunk) => processesIn(chunk) === 1);
  const count = chunks.reduce((sum, chunk) => sum + chunk.count, 0);
  const tasks = chunks.reduce((sum, chunk) => sum + chunk.count * processesIn(chunk), 0);
  if (!free) draft.set("nodes", count);
  draft.set("tasks", tasks);
  const cores = agreed(chunks, coresIn, () =>
    draft.lose({
      why: "approximated",
      field: "cpusPerTask",
      note: "Chunks differ in cores: the first one's is carried.",
    }),
  );
  draft.set("cpusPerTask", cores);
  readAmounts(chunks, draft, !free);
  readNames(chunks, draft);
}
