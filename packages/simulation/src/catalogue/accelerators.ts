import type { Archetype } from "../archetype.ts";

/** A kind of GPU. */
export interface GpuType {
  readonly vendor: "nvidia" | "amd";
  readonly model: string;
  readonly memoryGib: number;
}

const nvidia = (model: string, memoryGib: number): GpuType => ({ vendor: "nvidia", model, memoryGib });
const amd = (model: string, memoryGib: number): GpuType => ({ vendor: "amd", model, memoryGib });

/** Kinds of GPU an archetype may have. */
export const gpuTypes: Readonly<Record<Archetype, readonly [GpuType, ...GpuType[]]>> = {
  hpc: [
    nvidia("H100-80GB", 80),
    nvidia("A100-80GB", 80),
    nvidia("A100-40GB", 40),
    nvidia("V100", 32),
    amd("MI250X", 128),
    amd("MI210", 64),
  ],
  cloud: [
    nvidia("H100-80GB", 80),
    nvidia("A100-40GB", 40),
    nvidia("V100", 16),
    nvidia("A10G", 24),
    nvidia("L4", 24),
    nvidia("T4", 16),
  ],
  standalone: [nvidia("RTX-4090", 24), nvidia("RTX-A6000", 48), amd("W7900", 48)],
};
