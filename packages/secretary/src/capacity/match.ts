import type { NodeGroup } from "@parley/core";
import { atLeast } from "../clause.ts";
import type { Outcome } from "../clause.ts";
import type { CapacityNeed } from "./need.ts";

/** What is sold as 80 GB shows a little less than 80 GiB; this much of a GPU's stated memory must be there. */
const vramTolerance = 0.95;

const archAliases: Readonly<Record<string, string>> = { amd64: "x86_64", x64: "x86_64", arm64: "aarch64" };

export function plainArch(arch: string): string {
  const lower = arch.toLowerCase().replace("-", "_");
  return archAliases[lower] ?? lower;
}

/** Whether one node of a group has all that every node of the job must have. */
export function matchNode(group: NodeGroup, need: CapacityNeed): Outcome {
  const outcomes = [
    need.coresPerNode === undefined ? "met" : atLeast(group.coresPerNode, need.coresPerNode),
    need.memoryBytesPerNode === undefined
      ? "met"
      : atLeast(group.memoryBytesPerNode, need.memoryBytesPerNode),
    need.memoryBytes === undefined || group.memoryBytesPerNode !== undefined ? "met" : "unknown",
    need.gpusPerNode === undefined ? "met" : atLeast(group.gpusPerNode, need.gpusPerNode),
    need.gpusPerNode === undefined ? "met" : matchGpu(group, need),
    need.arch === undefined ? "met" : matchArch(group, need.arch),
  ] satisfies Outcome[];
  if (outcomes.includes("unmet")) return "unmet";
  return outcomes.includes("unknown") ? "unknown" : "met";
}

export function matchArch(group: NodeGroup, arch: string): Outcome {
  if (group.arch === undefined) return "unknown";
  return plainArch(group.arch) === plainArch(arch) ? "met" : "unmet";
}

/** Whether a group's GPUs are of the kind asked for. A matching model vouches for its vendor. */
export function matchGpu(
  group: NodeGroup,
  need: Pick<CapacityNeed, "models" | "vendor" | "vramBytes">,
): Outcome {
  const kind = need.models.length > 0 ? matchModel(group, need.models) : matchVendor(group, need.vendor);
  const memory = need.vramBytes === undefined ? "met" : matchVram(group, need.vramBytes);
  if (kind === "unmet" || memory === "unmet") return "unmet";
  return kind === "unknown" || memory === "unknown" ? "unknown" : "met";
}

function matchVendor(group: NodeGroup, vendor: CapacityNeed["vendor"]): Outcome {
  if (vendor === undefined) return "met";
  if (group.gpuVendor === undefined) return "unknown";
  return group.gpuVendor === vendor ? "met" : "unmet";
}

function matchModel(group: NodeGroup, models: readonly string[]): Outcome {
  const have = group.gpuModel;
  if (have === undefined) return "unknown";
  return models.some((model) => isModel(have, model)) ? "met" : "unmet";
}

/** Token by token, so that `a10` is not `a100`, while `v100` is also `V100S` and `NVIDIA A100-SXM4-80GB` an `a100`. */
function isModel(have: string, want: string): boolean {
  const tokens = have.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const wanted = want.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return (
    wanted.length > 0 &&
    wanted.every((part) =>
      tokens.some((token) => token.startsWith(part) && !/^[0-9]/.test(token.slice(part.length))),
    )
  );
}

function matchVram(group: NodeGroup, bytes: number): Outcome {
  const named = /(\d{1,4})\s?gb\b/i.exec(group.gpuModel ?? "")?.[1];
  const have = group.gpuMemoryBytes ?? (named === undefined ? undefined : Number(named) * 2 ** 30);
  return atLeast(have, bytes * vramTolerance);
}
