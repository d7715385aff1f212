import type { Admission, AttemptOutcome, Safety, SafetyStatus } from "../port.ts";

const order = { closed: 0, half_open: 1, open: 2 } as const;

/** Several as one: an attempt begins when all of them let it; each is told what became of it. */
export function allOf(safeties: readonly Safety[]): Safety {
  return {
    admit(): Admission {
      const given: Extract<Admission, { ok: true }>[] = [];
      for (const safety of safeties) {
        const admission = safety.admit();
        if (admission.ok) given.push(admission);
        else {
          for (const earlier of given) earlier.settle();
          return admission;
        }
      }
      return {
        ok: true,
        settle: (outcome?: AttemptOutcome) => {
          for (const admission of given) admission.settle(outcome);
        },
      };
    },
    get status(): SafetyStatus {
      const [worst] = safeties
        .map(({ status }) => status)
        .toSorted((a, b) => order[b.state] - order[a.state]);
      return worst ?? { state: "closed", iterations: 0, failures: 0, costUsd: 0, tokens: 0 };
    },
    reset() {
      for (const safety of safeties) safety.reset();
    },
  };
}
