/** Modules a user might write, holding what our compiler refuses and the loader takes. */
export const modules: Readonly<Record<string, string>> = {
  "default.mjs": `export default function shout(args) {
  return String(args.text).toUpperCase();
}
`,
  "nested/stack.ts": `export const stack = (count: number, syrup: string): string => \`\${"=".repeat(count)} with \${syrup}\`;
`,
  "pancakes.ts": `import { defineTool } from "@parley/tool-registry";
import { ParleyError } from "@parley/core";
import { z } from "zod";
import { stack } from "./nested/stack";

enum Syrup {
  Maple = "maple",
}

export const pancakes = defineTool({
  name: "pancakes",
  description: "Stacks pancakes.",
  input: z.object({ count: z.number().int().describe("How many") }),
  handler: ({ count }) => {
    if (count < 0) throw new ParleyError("E_ARGUMENT_INVALID", "no negative pancakes");
    return stack(count, Syrup.Maple);
  },
});

export const hostError = ParleyError;
export const notATool = 7;

export async function greet(args: { name?: string }): Promise<string> {
  return \`hello \${args.name ?? "you"}\`;
}
greet.description = "Greets by name.";

export const measured = Object.assign(async ({ size }: { size: number }) => ({ size }), {
  input: z.object({ size: z.number() }),
});
`,
  "prompts.mjs": `export const persona = { name: "persona", get: async () => ({ messages: [] }) };
export const readme = { name: "readme", uri: "parley://readme", read: async (uri) => [{ uri, text: "hi" }] };
`,
  "single.mjs": `export const only = (args) => ({ heard: args });
`,
  "throws.ts": `export const a = 1;

throw new Error("boom at import");
`,
};
