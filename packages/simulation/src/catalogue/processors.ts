import type { Archetype } from "../archetype.ts";

/** A kind of node: its processors and what they can do. */
export interface NodeType {
  readonly cpuModel: string;
  readonly cpuVendor: string;
  readonly arch: "x86_64" | "aarch64";
  readonly cores: number;
  readonly flags: readonly string[];
}

const avx2 = ["sse4_2", "rdseed", "avx", "avx2"];
const avx512 = [...avx2, "avx512f", "avx512bw"];
const amx = [...avx512, "amx_tile"];
const sve = ["asimd", "atomics", "sve"];

/** As processors name their own maker: parts of others around cores by Arm say `arm`. */
function vendorOf(cpuModel: string): string {
  if (cpuModel.startsWith("Intel")) return "intel";
  return cpuModel.startsWith("AMD") ? "amd" : "arm";
}

type Row = readonly [model: string, cores: number, flags: readonly string[]];
const nodeType = ([cpuModel, cores, flags]: Row): NodeType => ({
  cpuModel,
  cpuVendor: vendorOf(cpuModel),
  arch: flags === sve ? "aarch64" : "x86_64",
  cores,
  flags,
});

const hpc: readonly Row[] = [
  ["Intel Xeon E5-2698 v3", 32, avx2],
  ["Intel Xeon Gold 6148", 40, avx512],
  ["AMD EPYC 7402", 48, avx2],
  ["Intel Xeon Platinum 8280", 56, avx512],
  ["Intel Xeon Platinum 8358", 64, avx512],
  ["NVIDIA Grace", 72, sve],
  ["Ampere Altra Q80-30", 80, sve],
  ["AMD EPYC 9454", 96, avx512],
  ["Intel Xeon Platinum 8480+", 112, amx],
  ["AMD EPYC 7763", 128, avx2],
];
const cloud: readonly Row[] = [
  ["Intel Xeon Platinum 8275CL", 2, avx512],
  ["AMD EPYC 7R13", 4, avx2],
  ["AWS Graviton3", 8, sve],
  ["Intel Xeon Platinum 8375C", 16, avx512],
  ["AMD EPYC 7R13", 32, avx2],
  ["Intel Xeon Platinum 8488C", 48, amx],
  ["AWS Graviton3", 64, sve],
];
const standalone: readonly Row[] = [
  ["Intel Core i3-12100", 4, avx2],
  ["AMD Ryzen 5 5600X", 6, avx2],
  ["AMD Ryzen 7 7700X", 8, avx512],
  ["AMD Ryzen 9 5900X", 12, avx2],
  ["AMD Ryzen 9 7950X", 16, avx512],
  ["Intel Core i9-13900K", 24, avx2],
  ["AMD Ryzen Threadripper 3970X", 32, avx2],
];

/** Kinds of node per archetype, in ascending order of cores. */
export const nodeTypes: Readonly<Record<Archetype, readonly NodeType[]>> = {
  hpc: hpc.map(nodeType),
  cloud: cloud.map(nodeType),
  standalone: standalone.map(nodeType),
};
