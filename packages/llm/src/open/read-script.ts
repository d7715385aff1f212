import { readFile } from "node:fs/promises";
import { ParleyError } from "@parley/core";
import { parse } from "yaml";
import { z } from "zod";
import type { ScriptedAnswer } from "../scripted.ts";

const Answer = z.union([
  z.string(),
  z.strictObject({
    text: z.string().default(""),
    tools: z
      .array(z.strictObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()).default({}) }))
      .default([]),
  }),
]);

/** The answers of a script file: a YAML list of texts, or of texts and tool calls. @throws `E_CONFIG_INVALID` */
export async function readScript(path: string): Promise<readonly ScriptedAnswer[]> {
  let answers: z.infer<typeof Answer>[];
  try {
    answers = z.array(Answer).parse(parse(await readFile(path, "utf8")));
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split("\n", 1)[0] ?? "") : String(cause);
    throw new ParleyError("E_CONFIG_INVALID", `--llm-script: ${path} holds no list of answers: ${why}`, {
      cause,
    });
  }
  return answers.map((answer) => {
    if (typeof answer === "string") return answer;
    const toolCalls = answer.tools.map(({ name, arguments: args }, index) => ({
      id: `call_${index + 1}`,
      name,
      arguments: args,
    }));
    return { text: answer.text, toolCalls };
  });
}
