import { ParleyError } from "@parley/core";
import type { JobRequirements, MatchSpan } from "@parley/core";
import { mergeRequirements, parseRequest } from "@parley/secretary";
import type { RequirementFields } from "../client/options.ts";

/** A request as this machine understands it. */
export interface Understood {
  readonly requirements: JobRequirements;
  readonly spans: readonly MatchSpan[];
}

const nothing: JobRequirements = { schema: "job-requirements/1", intent: "run", unresolved: [] };

/**
 * Reads words, lays fields over them.
 * @throws {@link ParleyError} `E_REQUEST_EMPTY`, `E_ARGUMENT_INVALID`
 */
export function understand(words: string, fields: RequirementFields | undefined, now: number): Understood {
  if (words === "" && fields === undefined) throw new ParleyError("E_REQUEST_EMPTY", "There is no request.");
  const read = words === "" ? undefined : parseRequest(words, { now });
  return {
    requirements: mergeRequirements(read?.requirements ?? nothing, fields ?? {}),
    spans: read?.spans ?? [],
  };
}
