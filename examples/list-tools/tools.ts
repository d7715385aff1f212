import { defineTool } from "@parley/tool-registry";
import { z } from "zod";

export const add = defineTool({
  name: "add",
  description: "Adds two numbers.",
  input: z.object({
    left: z.number().describe("The first, for example: 2"),
    right: z.number().describe("The second, for example: 3"),
  }),
  handler: ({ left, right }) => left + right,
});
