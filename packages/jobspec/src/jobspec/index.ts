import { ParleyError } from "@parley/core";

/** One thing wrong with a jobspec. */
export interface JobspecProblem {
  /** JSON pointer: `/resources/0/count`. Empty for the whole document. */
  readonly path: string;
  readonly message: string;
}

/** What {@link validateJobspec} found. */
export interface JobspecVerdict {
  readonly valid: boolean;
  /** `v1` keeps to RFC 25, `canonical` to RFC 14 only. Absent when invalid. */
  readonly form?: "v1" | "canonical" | undefined;
  readonly problems: readonly JobspecProblem[];
  /** What RFC 14 asks to warn of: system attributes nobody knows. */
  readonly warnings: readonly JobspecProblem[];
}

/** What {@link explainJobspec} says. */
export interface JobspecExplanation {
  /** `2 nodes, each 4 slots of 8 cores and 1 GPU, 2h`. */
  readonly summary: string;
  /** One sentence for each thing it asks for. */
  readonly lines: readonly string[];
  /** How many of each resource type in all; absent for a count that is a range. */
  readonly counts: Readonly<Record<string, number>>;
}

const unfinished = (): never => {
  throw new ParleyError("E_INTERNAL", "unfinished");
};
export const parseJobspec = (_text: string): unknown => unfinished();
export const validateJobspec = (_value: unknown): JobspecVerdict => unfinished();
export const normaliseJobspec = (_value: unknown): Record<string, unknown> => unfinished();
export const explainJobspec = (_value: unknown): JobspecExplanation => unfinished();
