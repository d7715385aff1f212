import { ExitCode, ParleyError, errorTable, newId } from "@parley/core";
import { ExitWith } from "@parley/cli";
import type { DispatchAnswer } from "./client/answers.ts";
import type { DispatchRequest } from "./client/options.ts";
import { isErrorCode } from "./client/read-answer.ts";
import { clean } from "./render/clean.ts";
import type { Session } from "./session.ts";

/**
 * Sends a job, always under a key, so that a repetition after a lost answer runs nothing twice.
 * @throws {@link ParleyError} the hub's, with how to repeat it when the answer was lost
 */
export async function sendJob(session: Session, request: DispatchRequest): Promise<DispatchAnswer> {
  const { client, signal } = session;
  const { negotiationId, workerId, idempotencyKey } = request;
  const key = idempotencyKey ?? (negotiationId === undefined ? newId("key") : `${negotiationId}/${workerId}`);
  try {
    return await session.during(`Sending the job to ${clean(workerId, 63)}`, async () =>
      client.dispatch({ ...request, idempotencyKey: key }, { signal }),
    );
  } catch (error) {
    const lost = ParleyError.isInstance(error) && lostAnswers.has(error.code);
    if (!lost) throw error;
    const message =
      `${error.message} Whether the job was sent is not known: "${session.command("jobs")}" lists it if it was, ` +
      `and the same request with --idempotency-key ${key} runs it only once.`;
    throw new ParleyError(error.code, message, {
      details: { ...error.details, idempotencyKey: key },
      cause: error,
    });
  }
}

const lostAnswers: ReadonlySet<string> = new Set(["E_MCP_UNREACHABLE", "E_MCP_TIMEOUT", "E_INTERRUPTED"]);

/** Ends the command when the site did not take the job. */
export function requireTaken({ receipt }: DispatchAnswer): void {
  if (receipt.status === "SUCCESS") return;
  const code = receipt.error?.code ?? "";
  throw new ExitWith(isErrorCode(code) ? errorTable[code].exit : ExitCode.failed);
}

/**
 * Refuses `--ask` where nobody can answer.
 * @throws {@link ParleyError} `E_CONFIG_INVALID`
 */
export function requireTerminal(session: Session): void {
  const { terminal = process.stdin.isTTY && process.stderr.isTTY } = session.dependencies;
  if (terminal && !session.json) return;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    "--ask needs a terminal to ask on: leave it out, or use --dry-run.",
  );
}

/** Asks before a job is sent. @throws {@link ExitWith} 1 when the answer is no */
export async function confirmSending(session: Session, workerId: string): Promise<void> {
  const { confirm = askOnTerminal } = session.dependencies;
  if (await confirm(`Send the job to ${clean(workerId, 63)}?`, session.signal)) return;
  session.notice("Nothing was sent.");
  throw new ExitWith(ExitCode.failed);
}

async function askOnTerminal(message: string, signal: AbortSignal): Promise<boolean> {
  const { confirm, isCancel } = await import("@clack/prompts");
  const answer = await confirm({ message, initialValue: false, output: process.stderr, signal });
  if (isCancel(answer)) throw new ParleyError("E_INTERRUPTED", "Nothing was sent.");
  return answer;
}
