import { z } from "zod";
import { defineVerifier } from "../define.ts";
import { inSandbox } from "../in-sandbox.ts";
import type { SandboxOptions } from "../in-sandbox.ts";
import type { Verdict, Verifier } from "../port.ts";

const Input = z.object({
  schema: z.record(z.string(), z.unknown()).describe("JSON Schema, 2020-12; no remote $ref"),
});

/** Checks the output against a JSON Schema; text is read as JSON first. */
export function createSchemaVerifier({ timeoutMs }: Omit<SandboxOptions, "signal"> = {}): Verifier {
  return defineVerifier({
    type: "json_schema",
    description: "Checks the output against a JSON Schema; text is read as JSON first.",
    input: Input,
    async verify({ schema }, { output, attempt }): Promise<Verdict> {
      const read = readJson(output);
      if (!read.ok) return { verdict: "fail", feedback: `The output is no JSON: ${read.problem}` };
      const { signal } = attempt;
      const { ok, problems } = await inSandbox(
        { kind: "schema", schema, value: read.value },
        { signal, timeoutMs },
      );
      if (ok) return { verdict: "pass" };
      return { verdict: "fail", feedback: `The output does not fit its schema: ${problems.join("; ")}` };
    },
  });
}

function readJson(output: unknown): { ok: true; value: unknown } | { ok: false; problem: string } {
  if (typeof output !== "string") return { ok: true, value: output };
  try {
    return { ok: true, value: JSON.parse(output) };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}
