/** What a name such as `nvidia_a100_80gb` says about a GPU. */
export interface GpuName {
  readonly vendor?: "nvidia" | "amd" | "intel" | undefined;
  /** The short model name in lower case; the whole name when no known model occurs in it. */
  readonly model: string;
  /** Only when the name itself carries it. */
  readonly memoryBytes?: number | undefined;
}

const knownModels = [
  ["nvidia", /^(g[bh]\d{3}|[bh][1238]00|h20|a(?:100|800|40|30|16|10g?|2)|l(?:40s?|4|2)|v100s?|p(?:100|40|4)|t4|k(?:80|40|20)|a[456]000|[rg]tx\w*|titan\w*|quadro)$/],
  ["amd", /^(mi\d{2,3}[ax]?)$/],
  ["intel", /^(max1[15]\d0|pvc|flex1[47]0|arc\w*)$/],
] as const; // prettier-ignore

/** Reads a GPU type as site operators write it: `h100`, `a100_80gb`, `nvidia-h100-80gb-hbm3`, `mi250x`. */
export function readGpuName(name: string): GpuName {
  const lower = name.toLowerCase();
  const words = lower.split(/[^a-z0-9.]+/);
  const memory = words
    .map((word) => /^(\d{1,4})g(?:i?b)?$/.exec(word)?.[1])
    .find((size) => size !== undefined);
  const memoryBytes = memory === undefined ? undefined : Number(memory) * 2 ** 30;
  // A MIG slice is no whole GPU of its model.
  const isSlice = words.some((word) => /^\d+g\.\d+gb$/.test(word));
  for (const [vendor, pattern] of knownModels) {
    const model = words.find((word) => pattern.test(word));
    if (model !== undefined) return { vendor, model: isSlice ? lower : model, memoryBytes };
  }
  return { model: lower, memoryBytes };
}
