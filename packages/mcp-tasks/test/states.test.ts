import { applyEvent, isFinal, type TaskEvent, TaskRecord, TaskStatus, transitions } from "@parley/mcp-tasks";
import { taskRecord } from "@parley/testing";
import {
  type Arbitrary,
  array,
  assert,
  constant,
  constantFrom,
  dictionary,
  oneof,
  property,
  record,
  string,
  uniqueArray,
} from "fast-check";
import { describe, expect, it } from "vitest";

const keys = constantFrom("a", "b", "c", "d", "__proto__");
const answer = constant({ action: "accept" });
const request = constant({ method: "elicitation/create" });

const events: Arbitrary<TaskEvent> = oneof(
  record({ kind: constant("note" as const), message: string({ maxLength: 5 }) }),
  record({ kind: constant("ask" as const), requests: dictionary(keys, request, { maxKeys: 2 }) }),
  record({ kind: constant("answer" as const), responses: dictionary(keys, answer, { maxKeys: 3 }) }),
  record({ kind: constant("claim" as const), runner: constantFrom("r1", "r2") }),
  record({ kind: constant("complete" as const), result: constant<{ content: string[] }>({ content: [] }) }),
  record({ kind: constant("fail" as const), error: constant({ code: -32_603, message: "no" }) }),
  record({ kind: constant("cancel" as const) }),
);

const hour = 3_600_000;

/** Every task along a history, and what each event was about. */
function history(happening: readonly TaskEvent[]) {
  let task = taskRecord();
  let now = Date.parse(task.createdAt);
  return happening.map((event) => {
    const before = task;
    now += 1000;
    const after = applyEvent(before, event, { now, retentionMs: hour });
    task = after ?? before;
    return { before, event, after, now };
  });
}

describe("[TASK-05] the table of states", () => {
  it("is what the extension draws", () => {
    expect(Object.keys(transitions).toSorted()).toEqual(TaskStatus.options.toSorted());
    for (const [status, steps] of Object.entries(transitions)) {
      const reached = new Set<string>(Object.values(steps));
      reached.delete(status);
      const wanted = isFinal(TaskStatus.parse(status))
        ? []
        : ["working", "input_required", "completed", "failed", "cancelled"].filter((name) => name !== status);
      expect([...reached].toSorted()).toEqual(wanted.toSorted());
    }
  });

  it("holds along every history", () => {
    assert(
      property(array(events, { maxLength: 30 }), (happening) => {
        for (const { before, event, after, now } of history(happening)) {
          if (isFinal(before.status)) expect(after).toBeUndefined();
          if (after === undefined) continue;
          expect(TaskRecord.safeParse(after).success).toBe(true);
          expect(Date.parse(after.lastUpdatedAt)).toBe(now);
          expect((after.status === "input_required") === Object.keys(after.inputRequests).length > 0).toBe(
            true,
          );
          expect((after.status === "completed") === (after.result !== undefined)).toBe(true);
          expect((after.status === "failed") === (after.error !== undefined)).toBe(true);
          expect(after.ttlMs).toBeGreaterThanOrEqual(before.ttlMs);
          if (event.kind === "cancel") expect(after.status).toBe("cancelled");
          if (isFinal(after.status)) {
            expect(Date.parse(after.createdAt) + after.ttlMs - now).toBeGreaterThanOrEqual(hour);
          }
        }
      }),
    );
  });

  it("asks under each key once, and takes one answer for it", () => {
    assert(
      property(array(events, { maxLength: 30 }), (happening) => {
        const answered = new Map<string, number>();
        const steps = history(happening);
        for (const { before, after } of steps) {
          for (const key of Object.keys(before.inputRequests)) {
            const taken = after !== undefined && !Object.hasOwn(after.inputRequests, key);
            if (taken && !isFinal(after.status) && after.runner === before.runner)
              answered.set(key, (answered.get(key) ?? 0) + 1);
          }
        }
        expect([...answered.values()].every((times) => times === 1)).toBe(true);
        const used = steps.at(-1)?.before.usedKeys ?? [];
        expect(new Set(used).size).toBe(used.length);
      }),
    );
  });

  it("does not depend on how answers are shared out", () => {
    assert(
      property(uniqueArray(constantFrom("a", "b", "c", "d"), { minLength: 1 }), (order) => {
        const requests = Object.fromEntries(order.map((key) => [key, { method: "roots/list" }]));
        const steps = history([
          { kind: "ask", requests },
          ...order.map((key): TaskEvent => ({ kind: "answer", responses: { [key]: { of: key } } })),
        ]);
        expect(steps.map(({ after }) => after?.status)).toEqual([
          ...order.map(() => "input_required"),
          "working",
        ]);
        const responses = steps.at(-1)?.after?.inputResponses;
        expect(responses).toEqual(Object.fromEntries(order.map((key) => [key, { of: key }])));
      }),
    );
  });
});
