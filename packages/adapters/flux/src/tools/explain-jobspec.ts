import { explainJobspec as explain, readBatchJob, writeBatchJob } from "@parley/jobspec";
import { z } from "zod";
import { isJobspecText, readJobspec } from "../jobspec-text.ts";
import { operation } from "../operation.ts";
import { Content } from "./validate-jobspec.ts";

/** What a jobspec or a batch script asks for, in words. */
export const explainJobspec = operation({
  name: "flux_explain_jobspec",
  description:
    "Says in words what a jobspec or batch script asks for: how many of what, for how long, where and as what.",
  toolset: "jobspecs",
  effect: "read",
  openWorld: false,
  input: z.strictObject({ content: Content }),
  output: z.object({
    summary: z.string(),
    lines: z.array(z.string()),
    /** How many in all, by type. */
    counts: z.record(z.string(), z.number()),
  }),
  run({ content }) {
    const text = isJobspecText(content)
      ? content
      : writeBatchJob(readBatchJob(content).job, { to: "flux-jobspec" }).text;
    const { summary, lines, counts } = explain(readJobspec(text));
    return Promise.resolve({ summary, lines: [...lines], counts: { ...counts } });
  },
  say: ({ summary, lines }) => [summary, ...lines].join("\n"),
});
