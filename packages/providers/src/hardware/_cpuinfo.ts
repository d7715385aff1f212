/** What `/proc/cpuinfo` says, whatever the architecture; unknown is absent. */
export interface CpuInfo {
  readonly model?: string | undefined;
  /** Lower case: `intel`, `amd`, `arm`, `ibm`, `fujitsu` ... */
  readonly vendor?: string | undefined;
  readonly flags: readonly string[];
  readonly sockets?: number | undefined;
  readonly physicalCores?: number | undefined;
  readonly logicalCores: number;
}

const x86Vendors: Readonly<Record<string, string>> = {
  GenuineIntel: "intel",
  AuthenticAMD: "amd",
  HygonGenuine: "hygon",
  CentaurHauls: "via",
};

/** @see Linux arch/arm64/include/asm/cputype.h */
const armVendors: Readonly<Record<string, string>> = {
  "0x41": "arm",
  "0x42": "broadcom",
  "0x43": "cavium",
  "0x46": "fujitsu",
  "0x48": "hisilicon",
  "0x4e": "nvidia",
  "0x50": "apm",
  "0x51": "qualcomm",
  "0x61": "apple",
  "0xc0": "ampere",
};

/** Models of server parts that aarch64 kernels name by number only. */
const armModels: Readonly<Record<string, string>> = {
  "0x41:0xd0c": "Neoverse N1",
  "0x41:0xd40": "Neoverse V1",
  "0x41:0xd49": "Neoverse N2",
  "0x41:0xd4f": "Neoverse V2",
  "0x43:0x0af": "ThunderX2",
  "0x46:0x001": "A64FX",
  "0x48:0xd01": "Kunpeng 920",
  "0xc0:0xac3": "Ampere-1",
};

/** Reads `/proc/cpuinfo` of x86, aarch64 and ppc64le kernels. */
export function parseCpuInfo(text: string): CpuInfo {
  const blocks = text.split(/\n\s*\n/).map(parseBlock);
  const processors = blocks.filter((block) => block.has("processor"));
  const first = processors[0] ?? new Map<string, string>();
  const tail = blocks.at(-1) ?? first;
  const cores = new Set<string>();
  const sockets = new Set<string>();
  for (const block of processors) {
    const socket = block.get("physical id");
    const core = block.get("core id");
    if (socket !== undefined) sockets.add(socket);
    if (socket !== undefined && core !== undefined) cores.add(`${socket}:${core}`);
  }
  const implementer = first.get("CPU implementer")?.toLowerCase();
  return {
    model: modelName(first, tail),
    vendor: vendorName(first, implementer),
    flags: (first.get("flags") ?? first.get("Features") ?? "").split(/\s+/).filter((flag) => flag !== ""),
    sockets: sockets.size > 0 ? sockets.size : undefined,
    physicalCores: cores.size > 0 ? cores.size : undefined,
    logicalCores: processors.length,
  };
}

function parseBlock(block: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) pairs.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  return pairs;
}

function modelName(
  first: ReadonlyMap<string, string>,
  tail: ReadonlyMap<string, string>,
): string | undefined {
  const implementer = first.get("CPU implementer")?.toLowerCase();
  const part = first.get("CPU part")?.toLowerCase();
  const power = first.get("cpu")?.replace(/,.*$/, "");
  const named =
    first.get("model name") ??
    (implementer !== undefined && part !== undefined ? armModels[`${implementer}:${part}`] : undefined) ??
    power ??
    tail.get("Hardware");
  return named === "" ? undefined : named;
}

function vendorName(first: ReadonlyMap<string, string>, implementer: string | undefined): string | undefined {
  const id = first.get("vendor_id");
  if (id !== undefined) return x86Vendors[id] ?? id.toLowerCase();
  if (implementer !== undefined) return armVendors[implementer];
  return /^POWER/i.test(first.get("cpu") ?? "") ? "ibm" : undefined;
}
