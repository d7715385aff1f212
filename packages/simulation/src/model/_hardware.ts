import { bytesPerGib } from "@parley/core";
import type { Archetype } from "../archetype.ts";
import { createDraw } from "../_draw.ts";
import { gpuTypes } from "../catalogue/accelerators.ts";
import { nodeTypes } from "../catalogue/processors.ts";
import type { NodeGpus, NodeModel } from "./cluster-model.ts";
import { archetypeRanges, type Interval } from "./ranges.ts";

const memorySizesGib = [4, 8, 16, 32, 64, 96, 128, 192, 256, 384, 512, 768, 1024];
const gpuCounts = [1, 2, 4, 8];
const systems = [
  "Rocky Linux 9.4",
  "Red Hat Enterprise Linux 8.10",
  "SUSE Linux Enterprise 15 SP5",
  "Ubuntu 24.04",
] as const;

/** A whole number in an interval at a relative position from 0 to 1. */
export function within([min, max]: Interval, position: number): number {
  return Math.floor(min + position * (max - min));
}

/** The largest of some sizes that lies in an interval and does not exceed a limit, else the smallest in it. */
function standardSize(sizes: readonly number[], [min, max]: Interval, limit: number): number {
  const usable = sizes.filter((size) => size >= min && size <= max);
  return usable.findLast((size) => size <= limit) ?? usable[0] ?? min;
}

function drawGpus(workerId: string, archetype: Archetype, scale: number): NodeGpus | undefined {
  const draw = createDraw(workerId, "gpus");
  const ranges = archetypeRanges[archetype];
  const present = draw.chance(ranges.gpuChance);
  const type = draw.pick(gpuTypes[archetype]);
  const wanted = within([1, ranges.gpusPerNode[1]], draw.share(scale, 0.3));
  if (!present) return undefined;
  const count = standardSize(gpuCounts, [1, ranges.gpusPerNode[1]], wanted);
  return { vendor: type.vendor, model: type.model, count, memoryBytes: type.memoryGib * bytesPerGib };
}

/** Draws the kind of node a site has. */
export function drawNode(workerId: string, archetype: Archetype, scale: number): NodeModel {
  const draw = createDraw(workerId, "node");
  const ranges = archetypeRanges[archetype];
  const types = nodeTypes[archetype];
  const position = Math.min(types.length - 1, Math.floor(draw.share(scale, 0.25) * types.length));
  const type = types[position];
  if (type === undefined) throw new RangeError(`no node type for ${archetype}`);
  const memoryGib = standardSize(
    memorySizesGib,
    ranges.memoryGibPerNode,
    within(ranges.memoryGibPerNode, draw.share(scale, 0.25)),
  );
  return {
    ...type,
    memoryBytes: memoryGib * bytesPerGib,
    os: archetype === "hpc" ? draw.pick(systems) : "Ubuntu 24.04",
    gpus: drawGpus(workerId, archetype, scale),
  };
}
