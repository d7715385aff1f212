import { setTimeout as sleep } from "node:timers/promises";
import { ask, defineTool, type Tool, toolResult } from "@parley/tool-registry";
import { z } from "zod";

const nothing = z.object({});
const confirm = (message: string) => ask.form({ message, schema: z.object({ confirm: z.boolean() }) });

/** Tools whose calls become tasks, and one that never does. */
export const longTools: readonly Tool[] = [
  defineTool({
    name: "greet",
    description: "Greets at once.",
    input: z.object({ name: z.string().describe('Whom, for example "Ada"') }),
    handler: ({ name }) => `Hello, ${name}!`,
  }),
  defineTool({
    name: "slow_compute",
    description: "Takes its time.",
    task: "optional",
    input: z.object({
      seconds: z.number().min(0).max(600).describe("How long"),
      label: z.string().default("work").describe("Named in the result"),
    }),
    handler: async ({ seconds, label }, context) => {
      context.progress(0, seconds, `computing ${label}`);
      await sleep(seconds * 1000, undefined, { signal: context.signal });
      return `${label} took ${seconds} s`;
    },
  }),
  defineTool({
    name: "failing_job",
    description: "Fails after a second.",
    task: "required",
    input: nothing,
    handler: async (_args, { signal }) => {
      await sleep(1000, undefined, { signal });
      return toolResult({ text: "the job failed", isError: true });
    },
  }),
  {
    name: "protocol_error_job",
    description: "Answers with what the protocol does not accept.",
    task: "required",
    inputSchema: { type: "object" },
    call: async () => ({ content: [{ type: "hologram" }] }),
  },
  defineTool({
    name: "confirm_delete",
    description: "Asks before it deletes, as a task.",
    task: "required",
    input: z.object({ filename: z.string().describe("What to delete, for example a.txt") }),
    handler: async ({ filename }, context) => {
      const { sure } = await context.input({ sure: confirm(`Delete ${filename}?`) });
      return sure.content?.confirm === true ? `deleted ${filename}` : `kept ${filename}`;
    },
  }),
  defineTool({
    name: "multi_input",
    description: "Asks two questions at once, as a task.",
    task: "required",
    input: nothing,
    handler: async (_args, context) => {
      const answers = await context.input({ first: confirm("First?"), second: confirm("Second?") });
      return `got ${Object.keys(answers).join(" and ")}`;
    },
  }),
  defineTool({
    name: "test_tool_with_task",
    description: "Asks on its request, and goes on as a task.",
    task: "optional",
    input: nothing,
    handler: async (_args, context) => {
      const schema = z.object({ name: z.string() });
      const { user_name } = await context.input({ user_name: ask.form({ message: "Your name?", schema }) });
      await sleep(500, undefined, { signal: context.signal });
      return `done for ${user_name.content?.name ?? "nobody"}`;
    },
  }),
];
