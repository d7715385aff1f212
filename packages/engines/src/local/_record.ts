import { JobSpec } from "@parley/core";

/** `job.json`: what was submitted and what it may use. Written once. */
export interface JobRecord {
  readonly id: string;
  readonly tag: string;
  /** Place in the queue. */
  readonly sequence: number;
  readonly submittedAt: string;
  /** Absolute path of the program that was allowed. */
  readonly program: string;
  readonly spec: JobSpec;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly walltimeSeconds: number;
  readonly maxOutputBytes: number;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** `begin.json`: written by whoever settles first what becomes of a queued job, and never again. */
export type BeginRecord =
  | { readonly action: "start"; readonly at: string; readonly pid: number; readonly identity: string }
  | { readonly action: "cancel"; readonly at: string }
  | { readonly action: "fail"; readonly at: string; readonly reason: string };

/** `exit.json`: how a job that was started ended. */
export interface EndRecord {
  readonly state: "COMPLETED" | "FAILED" | "CANCELED";
  readonly finishedAt: string;
  readonly exitCode?: number | undefined;
  readonly reason?: string | undefined;
}

/** A process that must not be taken for a later one with the same pid. */
export interface ProcessRecord {
  readonly pid: number;
  readonly identity: string;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

export function isProcessRecord(value: unknown): value is ProcessRecord {
  return (
    isObject(value) &&
    Number.isSafeInteger(value["pid"]) &&
    Number(value["pid"]) > 0 &&
    isText(value["identity"])
  );
}

export function isJobRecord(value: unknown): value is JobRecord {
  return (
    isObject(value) &&
    [value["id"], value["tag"], value["submittedAt"], value["program"], value["directory"]].every(isText) &&
    [value["sequence"], value["cores"], value["memoryBytes"], value["walltimeSeconds"]].every(isNumber) &&
    isObject(value["environment"]) &&
    JobSpec.safeParse(value["spec"]).success
  );
}

export function isBeginRecord(value: unknown): value is BeginRecord {
  if (!isObject(value) || !isText(value["at"])) return false;
  if (value["action"] === "start") return isProcessRecord(value);
  return value["action"] === "cancel" || (value["action"] === "fail" && isText(value["reason"]));
}

export function isEndRecord(value: unknown): value is EndRecord {
  return (
    isObject(value) &&
    ["COMPLETED", "FAILED", "CANCELED"].includes(String(value["state"])) &&
    isText(value["finishedAt"]) &&
    (value["exitCode"] === undefined || isNumber(value["exitCode"])) &&
    (value["reason"] === undefined || isText(value["reason"]))
  );
}
