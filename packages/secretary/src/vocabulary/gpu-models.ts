/** A GPU model as requests name it. `vramGb` lists the sizes it is sold with, in GiB. */
export interface GpuModel {
  readonly name: string;
  readonly vendor: "nvidia" | "amd" | "intel";
  readonly vramGb: readonly number[];
  /** Other spellings, as regular expression sources over lower-case text. */
  readonly patterns: readonly string[];
}

const model = (
  vendor: GpuModel["vendor"],
  name: string,
  shape: { vramGb?: number[]; patterns?: string[] },
): GpuModel => ({ name, vendor, vramGb: shape.vramGb ?? [], patterns: shape.patterns ?? [name] });

const nvidia = (name: string, vramGb: number[], patterns?: string[]): GpuModel =>
  model("nvidia", name, { vramGb, ...(patterns ? { patterns } : {}) });
const amd = (name: string, vramGb: number[], patterns?: string[]): GpuModel =>
  model("amd", name, { vramGb, ...(patterns ? { patterns } : {}) });
const intel = (name: string, vramGb: number[], patterns?: string[]): GpuModel =>
  model("intel", name, { vramGb, ...(patterns ? { patterns } : {}) });

/** GPU models with vendor and common memory sizes; a longer spelling stands before a shorter one it contains. */
export const gpuModels: readonly GpuModel[] = [
  nvidia("gb300", [288]),
  nvidia("gb200", [192]),
  nvidia("gh200", [96, 144]),
  nvidia("b300", [288]),
  nvidia("b200", [192]),
  nvidia("b100", [192]),
  nvidia("h800", [80]),
  nvidia("h200", [141]),
  nvidia("h100", [80, 94]),
  nvidia("h20", [96]),
  nvidia("a800", [80]),
  nvidia("a100", [40, 80]),
  nvidia("a6000", [48], ["(?:rtx[ -]?)?a6000"]),
  nvidia("a5000", [24], ["(?:rtx[ -]?)?a5000"]),
  nvidia("a4000", [16], ["(?:rtx[ -]?)?a4000"]),
  nvidia("a40", [48]),
  nvidia("a30", [24]),
  nvidia("a16", [64]),
  nvidia("a10g", [24]),
  nvidia("a10", [24]),
  nvidia("a2", [16]),
  nvidia("l40s", [48]),
  nvidia("l40", [48]),
  nvidia("l4", [24]),
  nvidia("t4", [16]),
  nvidia("v100", [16, 32], ["v100s?"]),
  nvidia("p100", [12, 16]),
  nvidia("p40", [24]),
  nvidia("p4", [8]),
  nvidia("k80", [24]),
  nvidia("k40", [12]),
  nvidia("rtx-6000", [48], ["(?:quadro )?rtx[ -]?6000(?: ada)?"]),
  nvidia("rtx-8000", [48], ["(?:quadro )?rtx[ -]?8000"]),
  nvidia("rtx-5090", [32], ["(?:geforce )?rtx[ -]?5090"]),
  nvidia("rtx-5080", [16], ["(?:geforce )?rtx[ -]?5080"]),
  nvidia("rtx-4090", [24], ["(?:geforce )?rtx[ -]?4090"]),
  nvidia("rtx-4080", [16], ["(?:geforce )?rtx[ -]?4080"]),
  nvidia("rtx-3090", [24], ["(?:geforce )?rtx[ -]?3090"]),
  nvidia("rtx-3080", [10], ["(?:geforce )?rtx[ -]?3080"]),
  nvidia("rtx-2080ti", [11], ["(?:geforce )?rtx[ -]?2080 ?ti"]),
  nvidia("gtx-1080ti", [11], ["(?:geforce )?gtx[ -]?1080 ?ti"]),
  nvidia("titan-v", [12], ["titan[ -]v"]),
  amd("mi355x", [288], ["mi[ -]?355x"]),
  amd("mi350x", [288], ["mi[ -]?350x"]),
  amd("mi325x", [256], ["mi[ -]?325x"]),
  amd("mi300a", [128], ["mi[ -]?300a"]),
  amd("mi300x", [192], ["mi[ -]?300x"]),
  amd("mi300", [128, 192], ["mi[ -]?300"]),
  amd("mi250x", [128], ["mi[ -]?250x"]),
  amd("mi250", [128], ["mi[ -]?250"]),
  amd("mi210", [64], ["mi[ -]?210"]),
  amd("mi200", [64], ["mi[ -]?200"]),
  amd("mi100", [32], ["mi[ -]?100"]),
  amd("mi60", [32], ["mi[ -]?60"]),
  amd("mi50", [16, 32], ["mi[ -]?50"]),
  intel("max-1550", [128], ["(?:data center gpu |gpu )?max[ -]1550", "pvc", "ponte vecchio"]),
  intel("max-1100", [48], ["(?:data center gpu |gpu )?max[ -]1100"]),
  intel("gaudi3", [128], ["gaudi[ -]?3"]),
  intel("gaudi2", [96], ["gaudi[ -]?2"]),
];
