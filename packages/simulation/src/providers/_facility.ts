import type { Clock } from "@parley/core";
import {
  createEvidenceRecorder,
  defineProviderTool,
  type Category,
  type FactsQuery,
  type PartialFacts,
  type Provider,
  type ProviderTool,
} from "@parley/providers";
import { z } from "zod";

/** Records one reading and returns the id of its evidence. */
type RecordReading = (
  tool: string,
  reading: { readonly args?: Readonly<Record<string, unknown>>; readonly summary: string },
) => string;

/** What a simulated provider knows; all of it comes from the model and is there at once. */
export interface Facility {
  readonly name: string;
  readonly category: Category;
  metadata(): Record<string, unknown>;
  /** In the seed's keys. */
  truth(): Record<string, unknown>;
  facts(query: FactsQuery, record: RecordReading): Omit<PartialFacts, "evidence">;
  readonly tools: readonly ProviderTool[];
}

/** Input of tools that take no argument; one for all, since a thousand sites may live in one process. */
export const noArguments = z.object({});

/** Makes an observe tool that answers from the model. */
export function observe<Input extends z.ZodObject>(tool: {
  readonly name: string;
  readonly description: string;
  readonly input: Input;
  answer(args: z.output<Input>): unknown;
}): ProviderTool {
  const { name, description, input } = tool;
  return defineProviderTool({ name, description, input, handler: async (args) => tool.answer(args) });
}

/** Makes a facility a provider of cluster scope. */
export function createFacilityProvider(facility: Facility, clock: Clock): Provider {
  const { name, category, tools } = facility;
  return {
    name,
    category,
    scope: "cluster",
    tools,
    probe: async () => ({ status: "present", detail: "Simulated." }),
    metadata: async () => facility.metadata(),
    truth: () => facility.truth(),
    facts: async (query) => {
      const evidence = createEvidenceRecorder(name, "cluster");
      const observedAtMs = clock.now();
      const found = facility.facts(query, (tool, reading) =>
        evidence.record(tool, { ...reading, observedAtMs }),
      );
      return { ...found, evidence: [...evidence.items] };
    },
  };
}
