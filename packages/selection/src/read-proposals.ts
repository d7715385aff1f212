import { ParleyError, systemClock } from "@parley/core";
import type { Clock, Verdict } from "@parley/core";
import { findBlock, isObject, parseJson } from "./legacy-block.ts";
import type { JsonObject } from "./legacy-block.ts";
import { legacyMetrics, legacyProposal, mergeMetrics, readVerdict } from "./legacy-proposal.ts";
import type { Candidate, Gate } from "./strategy.ts";
import { findStructured } from "./structured-answer.ts";

/** Longest proposals text, in characters, and most entries of one file. */
const longestFile = 64 * 1024 * 1024;
const mostEntries = 20_000;

export interface ReadProposalsOptions {
  /** Dates answers that carry no time of their own. Default the machine's clock. */
  readonly clock?: Clock | undefined;
}

/**
 * Reads proposals: a file's text, or what it parses to. Accepts the form older hubs wrote (worker id to `{data,
 * metrics, actual_verdict}`, the answer in a fenced block), the same under `proposals`, and our own typed
 * proposals. An entry that cannot be read becomes an error candidate, also when only its structured part cannot.
 * @throws {@link ParleyError} `E_SELECT_PROPOSALS` when the whole, or an entry, is no object
 */
export function readProposals(json: unknown, options: ReadProposalsOptions = {}): Candidate[] {
  const value = typeof json === "string" ? parseFile(json) : json;
  if (!isObject(value)) throw unreadable(`The proposals are ${kindOf(value)}, not an object by worker`);
  const nested = value["proposals"];
  const entries = Object.entries(isObject(nested) ? nested : value);
  if (entries.length > mostEntries) throw unreadable(`There are more than ${mostEntries} proposals`);
  const now = (options.clock ?? systemClock).now();
  return entries.map(([workerId, entry]) => {
    if (!isObject(entry))
      throw unreadable(`Entry "${workerId.slice(0, 60)}" is ${kindOf(entry)}, not an object`);
    return readProposal(workerId, entry, now);
  });
}

/** Reads one worker's answer of any age, as a hub gets it or a file holds it. Never throws. */
export function readProposal(
  workerId: string,
  entry: Readonly<Record<string, unknown>>,
  now: number,
): Candidate {
  if (entry["type"] === "error" || entry["kind"] === "error") return errorCandidate(workerId, entry);
  if (entry["type"] === "manifest_only" || entry["kind"] === "manifest_only") {
    const reason = stringOr(entry["reasoning"] ?? entry["reason"], "it has no secretary to ask");
    return { workerId, kind: "manifest_only", reason };
  }
  const structured = findStructured(entry, objectOf(entry["data"]));
  if (structured.kind === "unreadable") return unreadableCandidate(workerId, structured.why);
  const block = structured.kind === "none" ? blockOf(entry) : undefined;
  if (structured.kind === "none" && block === undefined) {
    return unreadableCandidate(workerId, "its answer holds no verdict that can be read");
  }
  const read =
    structured.kind === "proposal" ? structured.proposal : legacyProposal(workerId, block ?? {}, now);
  const metrics = mergeMetrics(read.metrics, legacyMetrics(entry["metrics"]));
  const gate = gateOf(entry, read.verdict);
  return {
    workerId,
    kind: "proposal",
    proposal: { ...read, workerId, metrics },
    ...(gate === undefined ? {} : { gate }),
  };
}

function parseFile(text: string): unknown {
  if (text.length > longestFile) throw unreadable(`The proposals are longer than ${longestFile} characters`);
  const value = parseJson(text);
  if (value === undefined) throw unreadable("The proposals are not JSON");
  return value;
}

function unreadable(what: string): ParleyError {
  return new ParleyError("E_SELECT_PROPOSALS", `${what}: use what "resource-ask satisfy --json" prints.`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "empty";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

/** The answer's block: already an object, or in the text of `data.proposal`, `data`, `proposal` or `status`. */
function blockOf(entry: JsonObject): JsonObject | undefined {
  const data = objectOf(entry["data"]);
  const places = [
    data?.["proposal"],
    entry["data"],
    entry["proposal"],
    objectOf(entry["status"])?.["proposal"],
    entry["status"],
    data,
    entry,
  ];
  for (const place of places) {
    const block =
      typeof place === "string" ? findBlock(place) : isObject(place) ? verdictBlock(place) : undefined;
    if (block !== undefined) return block;
  }
  return undefined;
}

function verdictBlock(value: JsonObject): JsonObject | undefined {
  if (value["schema"] === "proposal/1") return undefined;
  return value["verdict"] === undefined ? undefined : value;
}

/** An object, or the one a JSON text holds. */
function objectOf(value: unknown): JsonObject | undefined {
  const parsed = typeof value === "string" ? parseJson(value) : value;
  return isObject(parsed) ? parsed : undefined;
}

/** A verdict someone established apart from the claim: our gate, or a simulation's `actual_verdict`. */
function gateOf(entry: JsonObject, claimed: Verdict): Gate | undefined {
  const own = isObject(entry["gate"]) ? entry["gate"] : {};
  const verdict = readVerdict(own["verdict"]) ?? readVerdict(entry["actual_verdict"]);
  if (verdict === undefined) return undefined;
  const reasons = Array.isArray(own["reasons"])
    ? own["reasons"].filter((item) => typeof item === "string")
    : [];
  return {
    verdict,
    agrees: verdict === claimed,
    reasons: reasons.length > 0 ? reasons.slice(0, 16) : ["the proposals state it as the actual verdict"],
  };
}

function unreadableCandidate(workerId: string, message: string): Candidate {
  return { workerId, kind: "error", error: { code: "E_SELECT_PROPOSALS", message, retryable: false } };
}

function errorCandidate(workerId: string, entry: JsonObject): Candidate {
  const nested = isObject(entry["error"]) ? entry["error"] : {};
  const message = stringOr(entry["message"] ?? nested["message"] ?? entry["error"], "it could not be asked");
  const code = stringOr(entry["code"] ?? nested["code"], "E_WORKER_OFFLINE");
  const retryable = (entry["retryable"] ?? nested["retryable"]) === true;
  return { workerId, kind: "error", error: { code, message, retryable } };
}

function stringOr(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value.slice(0, 2000) : otherwise;
}
