import { z } from "zod";
import { defineExecutor } from "../define.ts";
import { admitOrigin, httpLimits, sendHttp } from "../http.ts";
import type { HttpOptions } from "../http.ts";
import type { Execution, Executor } from "../port.ts";
import { tidy } from "../text.ts";

const Input = z.object({
  url: z.url().max(4096),
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).default("POST"),
  headers: z.record(z.string().max(200), z.string().max(4096)).default({}),
  body: z.unknown().optional().describe("Sent as JSON; default for all but GET: the task"),
  timeout_seconds: z.number().positive().max(3600).optional(),
});

/** Calls HTTP services at allowed origins. Each request carries the task's id as `Idempotency-Key`. */
export function createHttpExecutor(options: HttpOptions): Executor {
  return defineExecutor({
    type: "http",
    description: `Calls an HTTP service: ${options.origins.join(", ") || "no origin is allowed"}.`,
    input: Input,
    admit: admitOrigin(options),
    async execute({ url, method, headers, body, timeout_seconds: seconds }, attempt): Promise<Execution> {
      const { id, spec, feedback, number } = attempt;
      const { description, input } = spec;
      const whole = body ?? { id, attempt: number, description, input, feedback };
      const answer = await sendHttp(
        {
          url,
          method,
          headers: { ...headers, "idempotency-key": attempt.idempotencyKey },
          body: method === "GET" ? undefined : whole,
        },
        {
          ...options,
          timeoutMs: seconds === undefined ? options.timeoutMs : seconds * 1000,
          signal: attempt.signal,
        },
      );
      if (answer.status < 300) return { ok: true, output: answer.value };
      return { ok: false, failure: failureOf(answer) };
    },
  });
}

function failureOf({
  status,
  text,
  retryAfterMs,
}: Awaited<ReturnType<typeof sendHttp>>): Extract<Execution, { ok: false }>["failure"] {
  const message = `The service answered with status ${status}: ${tidy(text, 500) || "nothing more"}`;
  if (status === 429 || status === 503) {
    return { class: "rate_limited", message, retryAfterMs: retryAfterMs ?? httpLimits.waitMs };
  }
  return { class: status >= 500 || status === 408 ? "retryable" : "permanent", message };
}
