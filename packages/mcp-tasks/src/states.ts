import { isoTime } from "@parley/core";
import type { InputRequest, JsonObject, RpcError, TaskRecord, TaskStatus } from "./task.ts";
import { isFinal } from "./task.ts";

/** Something that happens to a task. */
export type TaskEvent =
  | { readonly kind: "note"; readonly message: string }
  | { readonly kind: "ask"; readonly requests: Readonly<Record<string, InputRequest>> }
  | { readonly kind: "answer"; readonly responses: Readonly<Record<string, JsonObject>> }
  | { readonly kind: "claim"; readonly runner: string }
  | { readonly kind: "complete"; readonly result: JsonObject }
  | { readonly kind: "fail"; readonly error: RpcError }
  | { readonly kind: "cancel" };

/** An answer that leaves nothing open is an event of its own. */
type Step = TaskEvent["kind"] | "answerAll";

/**
 * Where each event leads. What is not listed does not happen: a final task stays as it is, and only a task that asked
 * can be answered.
 */
export const transitions = {
  working: {
    note: "working",
    ask: "input_required",
    claim: "working",
    complete: "completed",
    fail: "failed",
    cancel: "cancelled",
  },
  input_required: {
    note: "input_required",
    ask: "input_required",
    answer: "input_required",
    answerAll: "working",
    claim: "working",
    complete: "completed",
    fail: "failed",
    cancel: "cancelled",
  },
  completed: {},
  failed: {},
  cancelled: {},
} as const satisfies Record<TaskStatus, Partial<Record<Step, TaskStatus>>>;

const table: Readonly<Record<TaskStatus, Partial<Record<Step, TaskStatus>>>> = transitions;

/** When an event happens, and how long a task that it ends is kept. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly retentionMs: number;
}

/**
 * The task after an event.
 * @returns `undefined` when the event means nothing in the task's state: nothing is to be written then.
 */
export function applyEvent(task: TaskRecord, event: TaskEvent, moment: Moment): TaskRecord | undefined {
  const change = changeOf(task, event);
  if (change === undefined) return undefined;
  const step = event.kind === "answer" && isEmpty(change.inputRequests) ? "answerAll" : event.kind;
  const status = table[task.status][step];
  if (status === undefined) return undefined;
  const next = { ...task, ...change, status, lastUpdatedAt: isoTime(moment.now) };
  return isFinal(status) ? ended(next, moment) : next;
}

type Change = Partial<TaskRecord>;

function changeOf(task: TaskRecord, event: TaskEvent): Change | undefined {
  switch (event.kind) {
    case "note":
      return event.message === task.statusMessage ? undefined : { statusMessage: event.message };
    case "ask":
      return asked(task, event.requests);
    case "answer":
      return answered(task, event.responses);
    case "claim":
      return { runner: event.runner, inputRequests: {} };
    case "complete":
      return { result: event.result };
    case "fail":
      return { error: event.error, statusMessage: event.error.message };
    default:
      return {};
  }
}

function asked(task: TaskRecord, requests: Readonly<Record<string, InputRequest>>): Change | undefined {
  const keys = Object.keys(requests);
  if (keys.length === 0 || keys.some((key) => task.usedKeys.includes(key))) return undefined;
  return { inputRequests: { ...task.inputRequests, ...requests }, usedKeys: [...task.usedKeys, ...keys] };
}

/** Answers to what was not asked, or was answered already, count for nothing. */
function answered(task: TaskRecord, responses: Readonly<Record<string, JsonObject>>): Change | undefined {
  const taken = Object.entries(responses).filter(([key]) => Object.hasOwn(task.inputRequests, key));
  if (taken.length === 0) return undefined;
  const open = Object.entries(task.inputRequests).filter(([key]) => !Object.hasOwn(responses, key));
  return {
    inputRequests: Object.fromEntries(open),
    inputResponses: { ...task.inputResponses, ...Object.fromEntries(taken) },
  };
}

/** A result can be fetched for a while however late it came; questions and answers are not kept. */
function ended(task: TaskRecord, { now, retentionMs }: Moment): TaskRecord {
  const age = Math.max(0, now - Date.parse(task.createdAt));
  const ttlMs = Math.max(task.ttlMs, age + retentionMs);
  return { ...task, ttlMs, inputRequests: {}, inputResponses: {} };
}

function isEmpty(requests: TaskRecord["inputRequests"] | undefined): boolean {
  return requests !== undefined && Object.keys(requests).length === 0;
}

/** Keys for new questions: the wished ones, with a number where one was used before. */
export function freshKeys(task: TaskRecord, wished: readonly string[]): ReadonlyMap<string, string> {
  const used = new Set(task.usedKeys);
  const fresh = new Map<string, string>();
  for (const key of wished) {
    let candidate = key;
    for (let count = 2; used.has(candidate); count += 1) candidate = `${key}_${count}`;
    used.add(candidate);
    fresh.set(key, candidate);
  }
  return fresh;
}
