import { definePrompt } from "@parley/tool-registry";
import { z } from "zod";

export const explain_failure = definePrompt({
  name: "explain_failure",
  description: "Asks why a job failed.",
  input: z.object({ log: z.string().describe("The end of the job's output") }),
  handler: ({ log }) =>
    `Say in one sentence why this job failed, and what to change before the next run:\n${log}`,
});

export const estimate_walltime = definePrompt({
  name: "estimate_walltime",
  description: "Asks for a wall time that is neither too long nor too short.",
  input: z.object({ command: z.string().describe("What the job runs, for example: lmp -in in.reaxff") }),
  handler: ({ command }) =>
    `How many minutes should a scheduler grant \`${command}\`? Answer with a number and a reason.`,
});
