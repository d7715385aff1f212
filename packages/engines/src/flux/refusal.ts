import { ParleyError } from "@parley/core";

const hints: readonly (readonly [RegExp, string])[] = [
  [/unsatisfiable/i, "ask for fewer or smaller nodes"],
  [/duration/i, "ask for less walltime or another queue"],
  [/queue/i, "see the queues with flux queue list"],
  [/slots/i, "say how many slots or nodes it needs"],
  [/dependency/i, "name a job that Flux knows"],
];

/** Adds to Flux's own sentence what to do about it. */
export function refusal(error: ParleyError, says: string): ParleyError {
  if (error.code !== "E_ENGINE_REFUSED") return error;
  const hint = hints.find(([pattern]) => pattern.test(says))?.[1] ?? "change the request and submit again";
  return new ParleyError(
    "E_ENGINE_REFUSED",
    `Flux refused the job: ${says.replace(/\.$/, "")}. To go on, ${hint}.`,
    { details: error.details },
  );
}
