import type { Draft } from "../draft.ts";
import { readScript } from "../read-script.ts";
import type { DirectiveRules } from "../script/split.ts";
import { lsfOptions } from "./options.ts";

/** Where bsub looks. */
export const lsfDirectives: DirectiveRules = { sentinel: /^#BSUB(?=\s)/ };

/** Settles what depends on options that may come later. */
function finish(draft: Draft): void {
  for (const field of ["output", "error", "input"] as const) {
    const path = draft.job[field];
    const origin = draft.origins.get(field);
    if (draft.job.array === undefined || path === undefined || origin === undefined) continue;
    draft.at(origin);
    draft.set(field, path.replaceAll("%{jobId}", "%{arrayJobId}"));
  }
  const limit = draft.origins.get("memoryBytesPerTask");
  const reserved = draft.job.memoryBytesPerNode ?? draft.job.memoryBytes;
  if (limit?.directive !== "-M" || reserved === undefined) return;
  draft.at(limit);
  draft.add("memoryBytesPerTask", () => undefined);
  draft.lose({
    why: "overridden",
    field: "memoryBytesPerTask",
    note: "What is reserved by rusage[mem] is carried.",
  });
}

/**
 * Reads a script for bsub.
 * @see IBM Spectrum LSF 10.1, bsub
 */
export const readLsf = (text: string): Draft =>
  readScript(text, { directives: lsfDirectives, options: { options: lsfOptions, oneDash: true }, finish });
