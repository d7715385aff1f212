import { ParleyError } from "@parley/core";
import { redact } from "@parley/exec";
import { z } from "zod";
import type { Call } from "./call.ts";

/** How a command of flux ended. A status other than 0 is an error that says both outputs. */
export const commandOutput = z.object({
  success: z.boolean(),
  exit_code: z.number().int(),
  stdout: z.string(),
  stderr: z.string(),
  /** Whether output was cut. */
  truncated: z.boolean(),
});

const longest = 20_000;

/** Runs a command of flux and answers its output, cut to 20 000 characters of each stream. */
export async function fluxCommand(
  call: Call,
  args: readonly string[],
  options: { readonly uri?: string | undefined; readonly timeoutMs?: number | undefined },
): Promise<z.input<typeof commandOutput>> {
  const { uri, timeoutMs } = options;
  const result = await call.flux(uri).command(args, { signal: call.signal, timeoutMs });
  const { stdout, stderr, exitCode, failure } = result;
  if (failure === "not-found") {
    throw new ParleyError(
      "E_ENGINE_MISSING",
      "Flux's flux command was not found: install flux-core or set PATH.",
    );
  }
  if (exitCode === undefined) {
    const code =
      failure === "aborted" ? "E_INTERRUPTED" : failure === "timeout" ? "E_EXEC_TIMEOUT" : "E_EXEC_FAILED";
    throw new ParleyError(
      code,
      `flux ${args[0] ?? ""} was ended before its end (${failure ?? "signal"}): give it more time or less work.`,
      {
        details: { stdout: redact(stdout.slice(0, 2000)), stderr: redact(stderr.slice(0, 2000)) },
      },
    );
  }
  return {
    success: exitCode === 0,
    exit_code: exitCode,
    stdout: stdout.slice(0, longest),
    stderr: stderr.slice(0, longest),
    truncated: stdout.length > longest || stderr.length > longest,
  };
}

export const commandFailed = ({ success }: { readonly success: boolean }): boolean => !success;

export const sayCommand = ({ exit_code, stdout, stderr }: z.output<typeof commandOutput>): string =>
  [`exit code ${String(exit_code)}`, stdout.trimEnd(), stderr.trimEnd()]
    .filter((part) => part !== "")
    .join("\n");
