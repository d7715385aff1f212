import { z } from "zod";
import { parseJson } from "../_json.ts";
import type { GpuDevice } from "./_gpu.ts";

export interface AmdGpu extends GpuDevice {
  readonly usedMemoryBytes?: number | undefined;
  readonly utilizationShare?: number | undefined;
}

const Report = z.record(
  z.string(),
  z.record(z.string(), z.union([z.string(), z.number()]).transform(String)),
);

/**
 * Reads `rocm-smi --json`. Keys changed their spelling over releases, so they are looked up by meaning; warnings
 * before the JSON are passed over.
 */
export function parseRocmSmi(
  text: string,
): { readonly gpus: readonly AmdGpu[]; readonly driverVersion?: string | undefined } | undefined {
  const start = text.indexOf("{");
  if (start < 0) return undefined;
  const report = Report.safeParse(parseJson(text.slice(start)));
  if (!report.success) return undefined;
  const gpus = Object.entries(report.data)
    .filter(([key]) => /^card\d{1,4}$/.test(key))
    .map(([key, card]) => readCard(Number(key.slice(4)), card))
    .toSorted((left, right) => left.index - right.index);
  return { gpus, driverVersion: field(report.data["system"] ?? {}, /^driver version$/i) };
}

function readCard(index: number, card: Readonly<Record<string, string>>): AmdGpu {
  const percent = amount(field(card, /^gpu use \(%\)$/i));
  return {
    index,
    model: field(card, /^card series$/i) ?? field(card, /^card model$/i) ?? field(card, /^card sku$/i),
    memoryBytes: amount(field(card, /^vram total memory \(b\)$/i)),
    usedMemoryBytes: amount(field(card, /^vram total used memory \(b\)$/i)),
    utilizationShare: percent === undefined ? undefined : Math.min(1, percent / 100),
  };
}

function field(card: Readonly<Record<string, string>>, key: RegExp): string | undefined {
  const value = Object.entries(card)
    .find(([name]) => key.test(name))?.[1]
    .trim();
  return value === undefined || value === "" || value === "N/A" ? undefined : value;
}

function amount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
