import type { Archetype } from "../archetype.ts";

/** A closed interval of whole numbers. */
export type Interval = readonly [min: number, max: number];

/** What one archetype is drawn from. Shares are means of distributions with a deviation of 0.2. */
export interface ArchetypeRanges {
  /** Mean position of the size of things in their intervals. */
  readonly scaleMean: number;
  /** Mean of how full the site is. */
  readonly densityMean: number;
  readonly nodes: Interval;
  readonly coresPerNode: Interval;
  readonly memoryGibPerNode: Interval;
  readonly gpusPerNode: Interval;
  readonly gpuChance: number;
  readonly packages: Interval;
  readonly partitions: Interval;
  readonly storageGib: Interval;
  /** USD, mid of the drawn prices. */
  readonly price: { readonly node: number; readonly core: number; readonly gpu: number };
}

/** The intervals of the three archetypes. */
export const archetypeRanges: Readonly<Record<Archetype, ArchetypeRanges>> = {
  hpc: {
    scaleMean: 0.7,
    densityMean: 0.8,
    nodes: [100, 10_000],
    coresPerNode: [32, 128],
    memoryGibPerNode: [128, 1024],
    gpusPerNode: [0, 8],
    gpuChance: 0.65,
    packages: [50, 500],
    partitions: [3, 10],
    // Above 8 388 607 GiB a number of bytes is no longer exact.
    storageGib: [10_000, 8_000_000],
    price: { node: 0.65, core: 0.015, gpu: 0.16 },
  },
  cloud: {
    scaleMean: 0.3,
    densityMean: 0.4,
    nodes: [1, 500],
    coresPerNode: [2, 64],
    memoryGibPerNode: [4, 256],
    gpusPerNode: [0, 4],
    gpuChance: 0.45,
    packages: [10, 50],
    partitions: [1, 3],
    storageGib: [10, 5000],
    price: { node: 1.5, core: 0.08, gpu: 1.49 },
  },
  standalone: {
    scaleMean: 0.5,
    densityMean: 0.5,
    nodes: [1, 1],
    coresPerNode: [4, 32],
    memoryGibPerNode: [8, 128],
    gpusPerNode: [0, 1],
    gpuChance: 0.4,
    packages: [20, 100],
    partitions: [1, 1],
    storageGib: [100, 2000],
    price: { node: 0.12, core: 0.01, gpu: 0.44 },
  },
};
