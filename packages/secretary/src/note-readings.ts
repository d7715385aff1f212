import type { JobRequirements, ModelPart, Selection } from "@parley/core";
import { partInWords } from "./reader.ts";
import { withReadings } from "./readings.ts";

/** The same selection, whose reasoning says what the chosen site's model read into the request. */
export function noteReadings(
  selection: Selection,
  { requirements, part }: { readonly requirements: JobRequirements; readonly part: ModelPart | undefined },
): Selection {
  if (selection.worker_id === null || part === undefined) return selection;
  const readings = [...withReadings(requirements, part.readings).readings];
  if (readings.length === 0) return selection;
  const words = partInWords({ ...part, readings }).join("; ");
  return { ...selection, reasoning: `${selection.reasoning} There ${words}.` };
}
