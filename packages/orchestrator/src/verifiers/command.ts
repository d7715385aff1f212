import { createRun, describeFailure } from "@parley/exec";
import { z } from "zod";
import { defineVerifier } from "../define.ts";
import { admitProgram, taskAsJson } from "../executors/command.ts";
import type { CommandOptions } from "../executors/command.ts";
import type { Verdict, Verifier } from "../port.ts";
import { asText, tidy } from "../text.ts";

const Input = z.object({
  argv: z.array(z.string().max(32_000)).min(1).max(200).describe("Program and arguments; there is no shell"),
  stdin: z
    .enum(["output", "task"])
    .default("output")
    .describe("What the program reads: the output, or the task with it"),
  timeout_seconds: z.number().positive().max(3600).optional(),
});

const mostBytes = 512 * 1024;

/** Lets an allowed program judge: status 0 passes, any other fails with what it printed as feedback. */
export function createCommandVerifier(options: CommandOptions): Verifier {
  const { run = createRun(), cwd, timeoutMs = 60_000 } = options;
  return defineVerifier({
    type: "command",
    description: "Lets a program judge the output: status 0 passes, what it prints otherwise is feedback.",
    input: Input,
    admit: admitProgram(options),
    async verify({ argv, stdin, timeout_seconds: seconds }, { output, attempt }): Promise<Verdict> {
      const result = await run(argv, {
        input: stdin === "output" ? asText(output) : taskAsJson(attempt, { output }),
        timeoutMs: seconds === undefined ? timeoutMs : seconds * 1000,
        signal: attempt.signal,
        maxBytes: mostBytes,
        cwd,
      });
      if (result.ok) return { verdict: "pass" };
      if (result.failure !== "exit") return { verdict: "inconclusive", reason: describeFailure(result) };
      const said = [result.stdout, result.stderr].filter((text) => text.trim() !== "").join("\n");
      return { verdict: "fail", feedback: tidy(said) || describeFailure(result) };
    },
  });
}
