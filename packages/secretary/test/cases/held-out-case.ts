import type { z } from "zod";
import type { JobRequirements } from "@parley/core";

/** A record as a case writes it: without the schema line and without what was left unread. */
export type Want = Omit<z.input<typeof JobRequirements>, "schema" | "unresolved">;

/**
 * One request and every record that reads it correctly. `leaves` are pieces of the text that must
 * stay unresolved; a piece that starts with `?` may stay; nothing else may.
 */
export interface HeldOutCase {
  readonly prompt: string;
  readonly want: readonly Want[];
  readonly leaves: readonly string[];
}

type Software = NonNullable<Want["software"]>[number];

/** Exactly n. */
export const x = (n: number) => ({ min: n, max: n });
export const lo = (min: number) => ({ min });
export const hi = (max: number) => ({ max });
export const to = (min: number, max: number) => ({ min, max });
export const nodes = (n: number) => ({ nodes: x(n) });
export const one = nodes(1);
/** `pytorch~2.1` as a record. */
export const sw = (...names: string[]): Software[] =>
  names.map((text) => {
    const [, name = text, op, version] = /^([^~=<>]+)(~|==|>=|<=|>|<)(.+)$/.exec(text) ?? [];
    if (op === "~" || op === "==" || op === ">=" || op === "<=" || op === ">" || op === "<")
      return { name, op, version: version ?? "" };
    return { name };
  });
export const nv = (models: string[]) => ({ need: "required" as const, vendor: "nvidia" as const, models });
export const amd = (models: string[]) => ({ need: "required" as const, vendor: "amd" as const, models });
export const gpu = { need: "required" as const };
export const noGpu = { need: "none" as const };
export const hours = (h: number) => ({ walltimeSec: h * 3600 });
export const min = (metric: "time_to_completion" | "wait_time" | "cost" | "energy") => [
  { metric, goal: "min" as const, weight: 1 },
];
export const fast = [{ metric: "performance" as const, goal: "max" as const, weight: 1 }];
export const usd = (amount: number, per: "job" | "hour" | "node-hour" = "job") => ({
  amount,
  unit: "USD" as const,
  per,
});
export const eur = (amount: number, per: "job" | "hour" | "node-hour" = "job") => ({
  amount,
  unit: "EUR" as const,
  per,
});
export const mpi = { required: true };
export const slurm = { managers: ["slurm"] };
/** The same record with each of several endings. */
export const each = (base: Want, ...ends: Want[]) => ends.map((end) => ({ ...base, ...end }));
export const c = (prompt: string, want: Want | Want[], leaves: string[] = []): HeldOutCase => ({
  prompt,
  want: Array.isArray(want) ? want : [want],
  leaves,
});
