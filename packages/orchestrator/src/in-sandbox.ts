import { Worker } from "node:worker_threads";
import { ParleyError } from "@parley/core";
import { z } from "zod";
import type { SandboxAnswer, SandboxTask } from "./sandbox-task.ts";

const Answer = z.object({ ok: z.boolean(), problems: z.array(z.string()) });

/** Long enough for a thread to start on a busy machine, short enough for a pattern that would never end. */
const defaultTimeoutMs = 5000;
const memoryMb = 128;

/** How a check in a thread is bounded. */
export interface SandboxOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default 5000. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Checks a pattern or schema in a thread of its own, so that one that takes for ever holds nobody up.
 * @throws `E_EXEC_TIMEOUT`, `E_INTERRUPTED`, `E_ARGUMENT_INVALID` for a pattern or schema that is none
 */
export async function inSandbox(
  task: SandboxTask,
  { signal, timeoutMs = defaultTimeoutMs }: SandboxOptions = {},
): Promise<SandboxAnswer> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL("./sandbox.js", import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  try {
    return await new Promise<SandboxAnswer>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new ParleyError("E_EXEC_TIMEOUT", `The ${task.kind} took longer than ${timeoutMs} ms.`)),
        timeoutMs,
      );
      signal?.addEventListener(
        "abort",
        () => reject(new ParleyError("E_INTERRUPTED", "The check was taken back.")),
        { once: true },
      );
      worker.once("message", (message: unknown) => resolve(Answer.parse(message)));
      worker.once("error", (error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        reject(
          new ParleyError("E_ARGUMENT_INVALID", `The ${task.kind} cannot be used: ${why}`, { cause: error }),
        );
      });
      worker.once("exit", () => clearTimeout(late));
    });
  } finally {
    await worker.terminate();
  }
}
