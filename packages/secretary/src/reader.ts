import type { JobRequirements, ModelPart, ModelReading } from "@parley/core";
import { longestList } from "./clause.ts";
import { readingInWords, withReadings } from "./readings.ts";
import { clip } from "./words.ts";

/** Asks a model what words mean that no rule reads; `@parley/secretary/model` makes one. */
export interface WordReader {
  /** Milliseconds it may take for one request. */
  readonly timeoutMs: number;
  /**
   * Never throws for what a model does; that is in the answer.
   * @throws {@link ParleyError} `E_INTERRUPTED` when the caller aborts
   */
  read(requirements: JobRequirements, options?: ReadOptions): Promise<ModelPart>;
  /** What it read into the same request a short while ago; asks nobody. */
  recall(requirements: JobRequirements): readonly ModelReading[];
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds, when there are fewer than {@link WordReader} `timeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

/** A request as the secretary takes it, with the model's part in that. */
export interface Understood {
  readonly requirements: JobRequirements;
  readonly part?: ModelPart | undefined;
}

/** Lets the reader, if there is one, read what the rules left open. */
export async function understand(
  reader: WordReader | undefined,
  asked: JobRequirements,
  options: ReadOptions,
): Promise<Understood> {
  if (reader === undefined || asked.unresolved.length === 0) return { requirements: asked };
  const part = await reader.read(asked, options);
  const { requirements, readings } = withReadings(asked, part.readings);
  return { requirements, part: { ...part, readings: [...readings] } };
}

/** What a requester should know of the model's part, one sentence each. */
export function partInWords(part: ModelPart | undefined): readonly string[] {
  if (part === undefined) return [];
  const model = clip(part.id, 80);
  if (!part.heard)
    return [`the model ${model} was not heard: ${clip(part.reason ?? "it gave no reason", 300)}`];
  if (part.readings.length === 0) return [`the model ${model} reads nothing usable into the words`];
  return part.readings
    .slice(0, longestList)
    .map((reading) => `the model ${model} reads ${readingInWords(reading)}`);
}
