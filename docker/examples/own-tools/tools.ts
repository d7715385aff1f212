import { defineTool } from "@parley/tool-registry";
import { z } from "zod";

const Count = z.number().int().min(1).max(1_000_000);

export const node_hours = defineTool({
  name: "node_hours",
  description: "Says what a job takes from an allocation.",
  input: z.object({
    nodes: Count.describe("Whole nodes, for example: 4"),
    minutes: Count.describe("Wall time, for example: 90"),
  }),
  output: z.object({ node_hours: z.number() }),
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  handler: ({ nodes, minutes }) => ({ node_hours: (nodes * minutes) / 60 }),
});
