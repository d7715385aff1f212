import { gpuModels } from "../vocabulary/index.ts";
import type { Gpu } from "./draft.ts";

const spellings = gpuModels
  .flatMap((model) =>
    model.patterns.map((pattern) => ({ model, pattern, whole: new RegExp(`^(?:${pattern})$`) })),
  )
  .toSorted((a, b) => b.pattern.length - a.pattern.length);

/** One alternation over every GPU model name. */
export const gpuName = spellings.map((spelling) => spelling.pattern).join("|");

/** Vendor and model of a name the alternation matched, or of a vendor's name. */
export function gpuFields(words: string): Partial<Gpu> | undefined {
  const bare = words.trim();
  if (bare === "nvidia" || bare === "amd" || bare === "intel") return { vendor: bare };
  const found = spellings.find((spelling) => spelling.whole.test(bare));
  return found ? { models: [found.model.name], vendor: found.model.vendor } : undefined;
}
