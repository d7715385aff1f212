import { bytesPerGib } from "@parley/core";
import type { GpuDevice } from "./_gpu.ts";

/** One row of `nvidia-smi --query-gpu`; what the driver does not tell (`[N/A]`) is absent. */
export interface NvidiaGpu extends GpuDevice {
  readonly driverVersion?: string | undefined;
  readonly migEnabled: boolean;
  readonly utilizationShare?: number | undefined;
  readonly usedMemoryBytes?: number | undefined;
  readonly freeMemoryBytes?: number | undefined;
}

/** Fields asked of `nvidia-smi`, in the order {@link parseNvidiaCsv} reads them. */
export const nvidiaFields = [
  "index",
  "name",
  "memory.total",
  "driver_version",
  "mig.mode.current",
  "utilization.gpu",
  "memory.used",
  "memory.free",
].join(",");

/** Reads `--format=csv,noheader,nounits` output; a line of another shape is passed over. */
export function parseNvidiaCsv(text: string): readonly NvidiaGpu[] {
  return text
    .split("\n")
    .map((line) => line.split(",").map((cell) => cell.trim()))
    .filter((cells) => cells.length === 8 && /^\d{1,4}$/.test(cells[0] ?? ""))
    .map(([index, model, total, driver, mig, busy, used, free]) => {
      const percent = number(busy);
      return {
        index: Number(index),
        model: known(model),
        memoryBytes: mebibytes(total),
        driverVersion: known(driver),
        migEnabled: mig === "Enabled",
        utilizationShare: percent === undefined ? undefined : Math.min(1, percent / 100),
        usedMemoryBytes: mebibytes(used),
        freeMemoryBytes: mebibytes(free),
      };
    });
}

/** MIG slices in `nvidia-smi -L` output: `  MIG 1g.10gb     Device  0: (UUID: MIG-...)` under its GPU. */
export function parseMigSlices(text: string): readonly GpuDevice[] {
  const slices: GpuDevice[] = [];
  let index = -1;
  let parent = "";
  for (const line of text.split("\n")) {
    const gpu = /^GPU (\d{1,4}): (.*?)(?: \(UUID: .*)?$/.exec(line);
    if (gpu) {
      index = Number(gpu[1]);
      parent = gpu[2] ?? "";
    }
    const slice = /^\s+MIG (\S*?(\d{1,4})gb\S*)\s+Device\s+\d+:/.exec(line);
    if (slice) {
      slices.push({ index, model: `${parent} MIG ${slice[1]}`, memoryBytes: Number(slice[2]) * bytesPerGib });
    }
  }
  return slices;
}

function known(cell: string | undefined): string | undefined {
  return cell === undefined || cell === "" || /^\[.*\]$|^N\/A$/i.test(cell) ? undefined : cell;
}

function number(cell: string | undefined): number | undefined {
  const text = known(cell);
  return text !== undefined && /^\d{1,12}(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function mebibytes(cell: string | undefined): number | undefined {
  const amount = number(cell);
  return amount === undefined ? undefined : Math.round(amount * 2 ** 20);
}
