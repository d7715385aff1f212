import { ParleyError } from "@parley/core";

/**
 * Encodes one segment of a path. A job's id may hold slashes, which Nomad decodes before it routes: what would
 * then be read as another path, or as one of Nomad's verbs, is refused.
 * @throws `E_ARGUMENT_INVALID`
 */
export function encodeSegment(segment: string): string {
  const parts = segment.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) {
    throw refusal(segment, "has an empty part or a dot for a part");
  }
  if (/[\s\p{Cc}]/u.test(segment)) throw refusal(segment, "holds white space or control characters");
  if (segment.length > 512) throw refusal(`${segment.slice(0, 40)}...`, "is longer than 512 characters");
  if (/\p{Surrogate}/u.test(segment)) throw refusal(segment, "is no well-formed text");
  if (parts.length > 1 && jobVerbs.has(parts.at(-1) ?? "")) {
    throw refusal(segment, "ends like one of Nomad's own paths");
  }
  return encodeURIComponent(segment);
}

/** Last words Nomad's router takes off `/v1/job/ID/...`. */
const jobVerbs: ReadonlySet<string> = new Set([
  "action",
  "actions",
  "allocations",
  "deployment",
  "deployments",
  "dispatch",
  "evaluate",
  "evaluations",
  "force",
  "payload",
  "plan",
  "revert",
  "scale",
  "services",
  "stable",
  "submission",
  "summary",
  "tag",
  "versions",
]);

function refusal(segment: string, reason: string): ParleyError {
  return new ParleyError("E_ARGUMENT_INVALID", `The name ${JSON.stringify(segment)} ${reason}.`);
}
