import { JobRequirements } from "@parley/core";
import type { z } from "zod";

/** A request and what it means; the format's name and defaults may be left out. */
export interface Case {
  readonly prompt: string;
  readonly expected: Omit<z.input<typeof JobRequirements>, "schema">;
}

/** The moment and the clusters every case is read against. */
export const world = { now: Date.parse("2026-11-20T10:00:00Z"), clusters: ["perlmutter", "frontier"] };

/** Completes an expectation with the schema's name and defaults. */
export function complete(expected: Case["expected"]): JobRequirements {
  return JobRequirements.parse({ schema: "job-requirements/1", ...expected });
}
