import { ParleyError } from "@parley/core";
import { z } from "zod";
import { defineVerifier } from "../define.ts";
import { inSandbox } from "../in-sandbox.ts";
import type { SandboxOptions } from "../in-sandbox.ts";
import type { Verdict, Verifier } from "../port.ts";
import { asText } from "../text.ts";

const Input = z.object({
  pattern: z.string().min(1).max(2000).describe("Regular expression of JavaScript"),
  flags: z
    .string()
    .regex(/^[imsu]*$/)
    .default("u"),
  absent: z.boolean().default(false).describe("true: the pattern must not be found"),
});

/** The most characters that are searched. */
const longest = 1_000_000;

/** Looks for a pattern in the output. A pattern that takes too long says nothing about the task. */
export function createRegexVerifier({ timeoutMs }: Omit<SandboxOptions, "signal"> = {}): Verifier {
  return defineVerifier({
    type: "regex",
    description: "Looks for a pattern in the output.",
    input: Input,
    admit({ pattern, flags }) {
      try {
        // Compiling is harmless; matching is done elsewhere.
        void RegExp(pattern, flags);
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new ParleyError("E_ARGUMENT_INVALID", `The verifier "regex" cannot use its pattern: ${why}.`, {
          cause,
        });
      }
    },
    async verify({ pattern, flags, absent }, { output, attempt }): Promise<Verdict> {
      const text = asText(output);
      if (text.length > longest) {
        return { verdict: "fail", feedback: `The output has more than ${longest} characters.` };
      }
      const { signal } = attempt;
      const { ok: found } = await inSandbox({ kind: "regex", pattern, flags, text }, { signal, timeoutMs });
      if (found !== absent) return { verdict: "pass" };
      const what = absent ? "must not be in it and is" : "is not in it";
      return { verdict: "fail", feedback: `The output does not pass: the pattern ${pattern} ${what}.` };
    },
  });
}
