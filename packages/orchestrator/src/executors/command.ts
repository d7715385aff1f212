import { ParleyError } from "@parley/core";
import { createRun, describeFailure } from "@parley/exec";
import type { Run } from "@parley/exec";
import { z } from "zod";
import { defineExecutor } from "../define.ts";
import type { Attempt, Execution, Executor } from "../port.ts";
import { tidy } from "../text.ts";

const Input = z.object({
  argv: z.array(z.string().max(32_000)).min(1).max(200).describe("Program and arguments; there is no shell"),
  stdin: z.string().max(1_000_000).optional().describe("Default: the task as JSON"),
  timeout_seconds: z.number().positive().max(86_400).optional(),
});

/** Options of the command executor and verifier. */
export interface CommandOptions {
  /** The programs that may be run, as the first element of `argv` names them. */
  readonly allow: readonly string[];
  /** Default 10 minutes. */
  readonly timeoutMs?: number | undefined;
  readonly cwd?: string | undefined;
  /** Seam for tests. */
  readonly run?: Run | undefined;
}

const defaultTimeoutMs = 600_000;
/** Of what a program prints. */
const mostBytes = 512 * 1024;

/** Refuses programs that the operator did not name. */
export function admitProgram({
  allow,
}: CommandOptions): (args: { readonly argv: readonly string[] }) => void {
  return ({ argv: [program = ""] }) => {
    if (allow.includes(program)) return;
    const list = allow.length === 0 ? "none is" : `${allow.join(", ")} may be`;
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      `The program ${JSON.stringify(program.slice(0, 100))} is not allowed; ${list}. Start with --allow PROGRAM.`,
    );
  };
}

/** What a program reads on standard input when the task says nothing else. */
export function taskAsJson({ id, number, spec, feedback }: Attempt, more: object = {}): string {
  const { description, input } = spec;
  return JSON.stringify({ id, attempt: number, description, input, feedback, ...more });
}

/** Runs allowed programs. The output of the task is what the program printed. */
export function createCommandExecutor(options: CommandOptions): Executor {
  const { run = createRun(), cwd, timeoutMs = defaultTimeoutMs } = options;
  return defineExecutor({
    type: "command",
    description: `Runs a program: ${options.allow.join(", ") || "none is allowed"}.`,
    input: Input,
    admit: admitProgram(options),
    async execute({ argv, stdin, timeout_seconds: seconds }, attempt): Promise<Execution> {
      const result = await run(argv, {
        input: stdin ?? taskAsJson(attempt),
        timeoutMs: seconds === undefined ? timeoutMs : seconds * 1000,
        signal: attempt.signal,
        maxBytes: mostBytes,
        cwd,
      });
      if (result.ok) return { ok: true, output: result.stdout.trimEnd() };
      attempt.signal.throwIfAborted();
      const message = describeFailure(result);
      if (result.failure === "not-found") throw new ParleyError("E_EXEC_NOT_FOUND", message);
      const feedback = tidy([result.stdout, result.stderr].filter((text) => text !== "").join("\n"));
      return {
        ok: false,
        failure: { class: "retryable", message: tidy(message), ...(feedback === "" ? {} : { feedback }) },
      };
    },
  });
}
