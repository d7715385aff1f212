import { z } from "zod";
import { defineVerifier } from "../define.ts";
import { admitOrigin, sendHttp } from "../http.ts";
import type { HttpOptions } from "../http.ts";
import type { Verdict, Verifier } from "../port.ts";
import { tidy } from "../text.ts";

const Input = z.object({
  url: z.url().max(4096),
  headers: z.record(z.string().max(200), z.string().max(4096)).default({}),
});

const Said = z.object({ verdict: z.enum(["pass", "fail"]), feedback: z.string().default("") });

/** Asks a service at an allowed origin: it gets the task with its output, and answers `{ verdict, feedback }`. */
export function createHttpVerifier(options: HttpOptions): Verifier {
  return defineVerifier({
    type: "http",
    description:
      'Asks an HTTP service, which answers {"verdict": "pass" or "fail", "feedback"}, or by its status.',
    input: Input,
    admit: admitOrigin(options),
    async verify({ url, headers }, { output, attempt }): Promise<Verdict> {
      const { id, spec, signal, number } = attempt;
      const body = { id, attempt: number, description: spec.description, input: spec.input, output };
      const answer = await sendHttp({ url, method: "POST", headers, body }, { ...options, signal });
      const { status, value, text } = answer;
      const said = Said.safeParse(value);
      if (status < 300 && said.success) {
        const { verdict, feedback } = said.data;
        return verdict === "pass"
          ? { verdict }
          : { verdict, feedback: feedback || "The service gave no reason." };
      }
      if (status === 204) return { verdict: "pass" };
      if (status === 422) return { verdict: "fail", feedback: tidy(text) || "The service gave no reason." };
      return { verdict: "inconclusive", reason: `the service answered with status ${status} and no verdict` };
    },
  });
}
