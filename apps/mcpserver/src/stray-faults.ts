import { ParleyError, toParleyError } from "@parley/core";

/** What loaded modules fail with outside of any call. */
export interface StrayFaults {
  /** Something was thrown, such as in a timer: what the process holds cannot be trusted any more. */
  readonly thrown: Promise<ParleyError>;
  /** Leaves faults to Node.js again. */
  stop(): void;
}

/**
 * Keeps the process alive when a promise fails that nobody waits for, as happens in tools of all hands, and reports it.
 * @param report - hears one sentence
 */
export function watchStrayFaults(report: (text: string, cause: unknown) => void): StrayFaults {
  const forgotten = (reason: unknown): void =>
    report(`A promise failed that no call waited for: ${toParleyError(reason).message}`, reason);
  let throwing: ((error: unknown) => void) | undefined;
  const thrown = new Promise<ParleyError>((resolve) => {
    throwing = (cause) =>
      resolve(
        new ParleyError(
          "E_MODULE_THREW",
          `A loaded module threw outside of a call, so the server ends: ${toParleyError(cause).message}${placeOf(cause)}`,
          { cause },
        ),
      );
  });
  const first = (cause: unknown): void => throwing?.(cause);
  process.on("unhandledRejection", forgotten);
  process.on("uncaughtException", first);
  return {
    thrown,
    stop() {
      process.off("unhandledRejection", forgotten);
      process.off("uncaughtException", first);
    },
  };
}

/** The first line of a stack that is of a file. */
function placeOf(cause: unknown): string {
  const stack = cause instanceof Error ? (cause.stack ?? "") : "";
  const [, place] = /\n\s+at (?:.*\()?((?:file:|\/|[A-Z]:\\)[^\n)]+)/.exec(stack) ?? [];
  return place === undefined ? "" : ` (${place})`;
}
