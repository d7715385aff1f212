import { ParleyError } from "@parley/core/errors";
import type { Io } from "./io.ts";

/** Whether a person at a terminal stopped the program (SIGINT): it then ends with 130, where SIGTERM is asked for. */
export function wasInterrupted({ signal }: Pick<Io, "signal">): boolean {
  return ParleyError.isInstance(signal.reason) && signal.reason.details["signal"] === "SIGINT";
}

const brand = Symbol.for("parley.exit-with");

/**
 * Ends a command with an exit code that is no error, such as a job's own. Test with {@link ExitWith.isInstance}: a
 * bundled command line and its commands have a copy of this package each.
 */
export class ExitWith extends Error {
  readonly [brand] = true;
  readonly code: number;

  static isInstance(value: unknown): value is ExitWith {
    return typeof value === "object" && value !== null && brand in value;
  }

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}
