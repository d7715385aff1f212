import { bytesPerGib } from "@parley/core";
import { createDraw } from "../_draw.ts";
import type { Archetype } from "../archetype.ts";
import type { SoftwareSource } from "../catalogue/packages.ts";
import type { ContainerModel, FabricModel, MpiModel, StorageModel } from "./cluster-model.ts";
import { within } from "./_hardware.ts";
import { archetypeRanges } from "./ranges.ts";

const gigabit = 1_000_000_000;

/** Draws the interconnect. */
export function drawFabric(workerId: string, archetype: Archetype, scale: number): FabricModel {
  const draw = createDraw(workerId, "fabric");
  if (archetype === "hpc" && draw.chance(0.7)) {
    const rates = [40, 100, 200, 400];
    const rate = rates[Math.min(3, Math.floor(draw.share(scale, 0.25) * 4))] ?? 100;
    const ports = draw.integer(1, 2);
    const devices = Array.from({ length: ports }, (_, port) => `mlx5_${port}`);
    return { kind: "infiniband", bitsPerSecond: rate * gigabit, devices };
  }
  if (archetype === "hpc") return { kind: "omni-path", bitsPerSecond: 100 * gigabit, devices: ["hfi1_0"] };
  const rate = archetype === "cloud" ? draw.pick([10, 25, 50, 100]) : draw.pick([1, 1, 10]);
  return { kind: "ethernet", bitsPerSecond: rate * gigabit, devices: ["eth0"] };
}

const storageKinds: Readonly<Record<Archetype, readonly StorageModel["kind"][]>> = {
  hpc: ["lustre", "nfs"],
  cloud: ["s3", "nfs"],
  standalone: ["local-scratch"],
};

function storageAddress(kind: StorageModel["kind"], name: string): Pick<StorageModel, "path" | "host"> {
  if (kind === "lustre") return { path: "/lustre/scratch" };
  if (kind === "nfs") return { path: "/home", host: `nfs.${name}.example` };
  if (kind === "s3") return { path: `s3://${name}-data`, host: `s3.${name}.example` };
  return { path: "/scratch" };
}

/** Draws file systems and object stores; what is used never exceeds what there is. */
export function drawStorage(site: {
  readonly workerId: string;
  readonly archetype: Archetype;
  readonly scale: number;
  readonly name: string;
}): StorageModel[] {
  const draw = createDraw(site.workerId, "storage");
  const kinds = storageKinds[site.archetype];
  const chosen = draw.sample(kinds, draw.integer(1, kinds.length));
  return chosen.map((kind) => {
    const sizeGib = within(archetypeRanges[site.archetype].storageGib, draw.share(site.scale, 0.3));
    const usedGib = Math.floor(sizeGib * Math.min(0.97, draw.share(0.6, 0.2)));
    return {
      kind,
      ...storageAddress(kind, site.name),
      totalBytes: sizeGib * bytesPerGib,
      usedBytes: usedGib * bytesPerGib,
    };
  });
}

const runtimes: Readonly<Record<Archetype, readonly ContainerModel["runtime"][]>> = {
  hpc: ["singularity", "podman"],
  cloud: ["docker"],
  standalone: ["docker", "singularity"],
};
const runtimeVersions: Readonly<Record<ContainerModel["runtime"], readonly [string, ...string[]]>> = {
  singularity: ["3.11.5", "4.1.5", "4.2.1"],
  podman: ["4.9.4", "5.2.2"],
  docker: ["26.1.5", "27.3.1"],
};

/** Draws container runtimes; none is possible. */
export function drawContainers(workerId: string, archetype: Archetype): ContainerModel[] {
  const draw = createDraw(workerId, "containers");
  const kinds = runtimes[archetype];
  return draw.sample(kinds, draw.integer(0, kinds.length)).map((runtime) => ({
    runtime,
    version: draw.pick(runtimeVersions[runtime]),
    rootless: runtime !== "docker",
  }));
}

/** Draws MPI libraries: one or two on a cluster, none elsewhere. */
export function drawMpi(workerId: string, archetype: Archetype): MpiModel[] {
  if (archetype !== "hpc") return [];
  const draw = createDraw(workerId, "mpi");
  const found: MpiModel[] = [
    { impl: "openmpi", version: draw.pick(["4.1.5", "4.1.8", "5.0.5", "5.0.8"]) },
    { impl: "mpich", version: draw.pick(["4.0.2", "4.1.2", "4.2.3", "4.3.0"]) },
  ];
  return draw.sample(found, draw.integer(1, 2));
}

const sources: Readonly<Record<Archetype, readonly [readonly SoftwareSource[], most: number]>> = {
  hpc: [["spack", "modules", "conda"], 3],
  cloud: [["conda", "pip"], 1],
  standalone: [["conda", "pip"], 2],
};

/** Draws where software is looked up. */
export function drawSources(workerId: string, archetype: Archetype): SoftwareSource[] {
  const draw = createDraw(workerId, "software-sources");
  const [kinds, most] = sources[archetype];
  return draw.sample(kinds, draw.integer(1, most));
}
