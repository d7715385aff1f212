import { z } from "zod";
import { operation } from "../../operation.ts";
import { logSource, readLog } from "../pod-logs.ts";

const maxLines = 100;

/** Reads what a log says, each thing once. */
export const kubectlUniqueLogs = operation({
  name: "kubectl_unique_logs",
  description:
    "Reads the log of a pod with lines that differ in numbers, times and ids only counted as one, most frequent first.",
  toolset: "kubernetes",
  effect: "read",
  input: z.strictObject({
    ...logSource,
    tail: z
      .number()
      .int()
      .min(1)
      .max(50_000)
      .default(5000)
      .describe("Lines looked at, from the end, for example: 5000"),
  }),
  output: z.object({
    pod: z.string(),
    lines_read: z.number().int(),
    lines: z.array(z.object({ count: z.number().int(), text: z.string() })),
    truncated: z.boolean(),
  }),
  async run({ tail, ...source }, call) {
    const { pod, lines } = await readLog(call, source, [`--tail=${String(tail)}`]);
    const found = new Map<string, { count: number; text: string }>();
    for (const { text } of lines) {
      const key = shape(text);
      const known = found.get(key);
      found.set(key, { count: (known?.count ?? 0) + 1, text: known?.text ?? text.slice(0, 500) });
    }
    const sorted = [...found.values()].toSorted((a, b) => b.count - a.count);
    return {
      pod,
      lines_read: lines.length,
      lines: sorted.slice(0, maxLines),
      truncated: sorted.length > maxLines,
    };
  },
  say: ({ lines, lines_read }) =>
    [
      `${String(lines_read)} lines read.`,
      ...lines.map(({ count, text }) => `${String(count)}x  ${text}`),
    ].join("\n"),
});

/** A line without what changes from one to the next. */
function shape(text: string): string {
  return text
    .slice(0, 1000)
    .replace(/\b[0-9a-f]{8,}(?:-[0-9a-f]{4,})*\b/gi, "#")
    .replace(/\d+/g, "#");
}
