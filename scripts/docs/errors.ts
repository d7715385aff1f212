import { ExitCode, errorTable } from "@parley/core";
import { code, generatedNotice, markdownTable } from "./table.ts";

const exitMeanings: Readonly<Record<keyof typeof ExitCode, string>> = {
  ok: "it worked",
  failed: "the operation failed",
  usage: "a flag, argument or configuration cannot be used",
  unsatisfied: "nothing satisfies the request",
  unreachable: "a peer is not reachable or refuses the credential",
  limit: "a limit was reached: time, size, budget",
  interrupted: "interrupted",
};

/** docs/reference/errors.md: every code with its HTTP status and exit code. */
export function errorsPage(): string {
  const exits = Object.entries(ExitCode).map(([name, value]) => [
    String(value),
    exitMeanings[name as keyof typeof ExitCode],
  ]);
  const codes = Object.entries(errorTable).map(([name, kind]) => [
    code(name),
    kind.when,
    String(kind.status),
    String(kind.exit),
    kind.retryable ? "yes" : "",
  ]);
  return [
    generatedNotice,
    "",
    "# Errors",
    "",
    "An error is `{ code, message, retryable, details? }` wherever it appears: thrown as `ParleyError`, as the",
    '`error` of a REST answer, under `_meta["parley/error"]` of a tool result, or on standard error with `--json`.',
    "The message is one sentence that says what failed, on what, and what to do next. A code is never renamed or reused.",
    "",
    "## Codes",
    "",
    markdownTable(["Code", "When", "HTTP status", "Exit code", "Worth repeating"], codes),
    "",
    "## Exit codes",
    "",
    "Every command of Parley ends with one of these. `resource-ask wait --propagate` and `negotiate --wait --propagate`",
    "end with the job's own exit code instead.",
    "",
    markdownTable(["Exit code", "Meaning"], exits),
    "",
  ].join("\n");
}
