import { type ErrorCode, ParleyError } from "@parley/core";
import { type RunResult, describeFailure } from "@parley/exec";
import { faultError } from "../engine-fault.ts";
import type { Redact } from "../redact.ts";
import { refusedLine } from "../shell-lines.ts";
import { cleanText } from "../text.ts";
import type { GuardRecord } from "./guard-record.ts";

/** A run of `tp` to be judged. */
export interface TpOutcome {
  readonly doing: string;
  readonly result: RunResult;
  readonly record: GuardRecord;
  readonly redact: Redact;
}

/** `tp` says each step in a line of its own where there is no terminal. */
const noise = /^\* .+\.\.\.$/;

/** What `tp` says of an engine that is not the usual one. */
const engineLine = /^TENSORPOOL_ENGINE=/;

/** What `tp` printed, without its noise and without secrets. */
export function outputOf({ stdout }: RunResult, redact: Redact): string {
  const lines = stdout
    .split("\n")
    .filter((line) => !noise.test(line.trim()) && !engineLine.test(line.trim()));
  return cleanText(redact(lines.join("\n")));
}

/** The error of a run that failed; `undefined` when it did not. */
export function tpFailure(outcome: TpOutcome): ParleyError | undefined {
  const { doing, result, record } = outcome;
  const [line] = record.refused;
  const jobId = record.data["job_id"];
  if (line !== undefined) {
    return refusedLine(doing, outcome.redact(line), typeof jobId === "string" ? jobId : undefined);
  }
  if (record.withheld !== undefined) return record.withheld;
  if (result.ok) return undefined;
  const details = detailsOf(outcome);
  if (result.failure !== "exit") return runFailure(doing, result, details);
  if (record.fault !== undefined) return faultError(doing, hideIn(record.fault, outcome.redact), details);
  if (result.exitCode === 2) {
    const usage = lastLine(outcome.redact(result.stderr));
    return new ParleyError(
      "E_EXEC_USAGE",
      `Could not ${doing}: this tp takes other arguments than its help says (${usage}); update it with pip install --upgrade tensorpool.`,
      { details },
    );
  }
  const said = lastLine(outputOf(result, outcome.redact)) || lastLine(outcome.redact(result.stderr));
  return new ParleyError("E_ENGINE_REFUSED", `Could not ${doing}: ${said || "tp gave no reason"}`, {
    details,
  });
}

function hideIn<Fault extends { readonly message?: string | undefined }>(
  fault: Fault,
  redact: Redact,
): Fault {
  return fault.message === undefined ? fault : { ...fault, message: cleanText(redact(fault.message)) };
}

const codes = {
  "not-found": "E_EXEC_NOT_FOUND",
  exit: "E_EXEC_FAILED",
  signal: "E_EXEC_FAILED",
  timeout: "E_EXEC_TIMEOUT",
  aborted: "E_INTERRUPTED",
  "output-limit": "E_EXEC_OUTPUT_LIMIT",
} as const satisfies Record<NonNullable<RunResult["failure"]>, ErrorCode>;

/** The error of a run that did not come to its own end, or whose end says nothing of the engine. */
export function runFailure(
  doing: string,
  result: RunResult,
  details: Readonly<Record<string, unknown>> = {},
): ParleyError {
  const code = codes[result.failure ?? "exit"];
  const hint = code === "E_EXEC_TIMEOUT" ? " What it began may go on: look before you repeat it." : "";
  return new ParleyError(code, `Could not ${doing}: ${describeFailure(result)}${hint}`, { details });
}

function detailsOf({ result, redact }: TpOutcome): Record<string, unknown> {
  return {
    ...(result.exitCode === undefined ? {} : { exit_code: result.exitCode }),
    stdout: outputOf(result, redact).slice(-4096),
    stderr: cleanText(redact(result.stderr)).slice(-4096),
  };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim().slice(0, 500) ?? "";
}
