import type { McpRequestHandlers } from "@parley/mcp-client";
import { z } from "zod";
import type { Attempt, RunContext } from "./context.ts";
import { askPerson } from "./question.ts";

const Field = z.looseObject({
  type: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.string()).optional(),
  default: z.unknown().optional(),
});
const Form = z.looseObject({
  message: z.string().default(""),
  mode: z.string().optional(),
  requestedSchema: z
    .looseObject({ properties: z.record(z.string(), Field).default({}) })
    .default({ properties: {} }),
});

/** Answers what a server asks the user during a call: each field of its form is a question `STEP.FIELD`. */
export function elicitation(
  context: RunContext,
  attempt: Pick<Attempt, "step" | "visit" | "attempt">,
): McpRequestHandlers {
  return {
    async "elicitation/create"(params, { signal }) {
      const { message, mode, requestedSchema } = Form.parse(params);
      if (mode === "url") return { action: "decline" };
      const content: Record<string, unknown> = {};
      for (const [name, field] of Object.entries(requestedSchema.properties)) {
        const what = field.description ?? field.title ?? name;
        const boolean = field.type === "boolean";
        const answer = await askPerson(context, attempt, {
          kind: name,
          text: `${message} ${what}${/[.?!:]$/.test(what) ? "" : ":"}`.trim(),
          options: boolean ? ["yes", "no"] : field.enum,
          initial: field.default === undefined ? undefined : wordOf(field.default),
          signal,
        });
        content[name] = valueOf(answer, field.type);
      }
      return { action: "accept", content };
    },
  };
}

function wordOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function valueOf(answer: string, type: string | undefined): unknown {
  if (type === "boolean") return answer === "yes" || answer === "true";
  if (type !== "number" && type !== "integer") return answer;
  const number = Number(answer);
  return Number.isFinite(number) ? number : answer;
}
