import type { Draft } from "../draft.ts";
import type { CountField } from "../fields/readers.ts";

/** Reads `[type:]count`, with an optional `gpu:` before it. */
export function readGpus(text: string): { type?: string; count: number } | undefined {
  const parts =
    text
      .replace(/^gres[:/]/, "")
      .split("(")[0]
      ?.split(":") ?? [];
  if (parts[0] === "gpu") parts.shift();
  const last = parts.at(-1) ?? "";
  if (parts.length === 0) return { count: 1 };
  if (parts.length === 1) return /^\d+$/.test(last) ? { count: Number(last) } : { type: last, count: 1 };
  return parts.length === 2 && /^\d+$/.test(last) ? { type: parts[0] ?? "", count: Number(last) } : undefined;
}

/** Reads `--gpus`, `--gpus-per-node` and the like. */
export const asGpus =
  (field: Extract<CountField, `gpus${string}`>) =>
  (value: string, draft: Draft): void => {
    const gpus = readGpus(value);
    if (gpus === undefined || gpus.count === 0 || value === "" || value.includes(",")) {
      draft.lose({ why: "unknown", field, note: "[type:]count was expected." });
      return;
    }
    draft.set(field, gpus.count);
    if (gpus.type !== undefined) draft.set("gpuType", gpus.type);
  };

/** Reads `--gres=gpu:2,nvme:1`: the GPUs are carried, other resources are not. */
export function readGres(value: string, draft: Draft): void {
  for (const part of value.split(",")) {
    if (/^(?:gres[:/])?gpu(?:$|:)/.test(part)) asGpus("gpusPerNode")(part, draft);
    else if (part !== "none" && part !== "") {
      const note = `The generic resource ${part} is not carried: only GPUs are.`;
      draft.lose({ why: "no counterpart", note });
    }
  }
}
