import * as api from "@parley/queue";
import { allows, transitions } from "../src/states.ts";
import { expect, it } from "vitest";

it("exports what a user needs and nothing else", () => {
  expect(Object.keys(api).toSorted()).toMatchInlineSnapshot(`
    [
      "ClaimRequest",
      "Command",
      "Dedup",
      "EventQuery",
      "Failure",
      "FinalState",
      "FlowTask",
      "Lease",
      "LeaseRef",
      "Note",
      "Outcome",
      "PruneRequest",
      "QueueEvent",
      "QueueStats",
      "RedriveRequest",
      "Refusal",
      "ResetRequest",
      "Stats",
      "Task",
      "TaskInput",
      "TaskQuery",
      "TaskState",
      "accept",
      "createQueue",
      "isFinal",
      "isLeased",
      "notes",
      "replay",
      "transitions",
    ]
  `);
});

it("turns a refusal into an error for those who cannot go on", () => {
  const outcome = { ok: true, id: "task_1", state: "pending", attempt: 0 } as const;
  expect(api.accept(outcome)).toBe(outcome);
  const refusal = { code: "stale_lease", message: "The lease is over.", attempt: 2 } as const;
  expect(() => api.accept({ ok: false, refusal })).toThrow(
    expect.objectContaining({ code: "E_QUEUE_REFUSED", message: "The lease is over.", details: refusal }),
  );
});

it("lets nothing leave a final state and every state be reached", () => {
  const all = api.TaskState.options;
  const reached = new Set(Object.values(transitions).flatMap(({ to }) => [...to]));
  expect(all.filter((state) => !reached.has(state as never))).toEqual([]);
  for (const name of Object.keys(transitions) as api.TransitionName[]) {
    for (const from of all.filter(api.isFinal))
      for (const to of all) expect(allows(name, { from, to })).toBe(false);
  }
  expect(allows("claimed", { from: "running", to: "running" })).toBe(false);
  expect(allows("submitted", { from: undefined, to: "pending" })).toBe(true);
});
