import { ParleyError } from "@parley/core";

/** Ids as people name them: a job, or one task of an array. */
const anyJobIdPattern = /^[1-9]\d{0,9}(?:_\d{1,9})?$/;

/** @throws ParleyError `E_ENGINE_JOB_UNKNOWN` */
export function checkAnyJobId(id: string): void {
  if (anyJobIdPattern.test(id)) return;
  throw new ParleyError(
    "E_ENGINE_JOB_UNKNOWN",
    `${JSON.stringify(id.slice(0, 40))} is no id of a Slurm job: it looks like 1234 or 1234_5.`,
  );
}

/**
 * Splits rows that begin with a mark nobody could have guessed, so that a job whose name holds a new line and
 * another row is still one job. Fields are separated by `|`; the last may hold some itself.
 */
export function markedRows(stdout: string, mark: string, columns: number): string[][] {
  return stdout
    .split(`${mark}|`)
    .slice(1)
    .flatMap((row) => {
      const fields = row.replace(/\n$/, "").split("|");
      if (fields.length < columns) return [];
      return [[...fields.slice(0, columns - 1), fields.slice(columns - 1).join("|")]];
    });
}
