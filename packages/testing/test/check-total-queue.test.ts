import { checkTotalQueue } from "@parley/testing";
import { array, assert, constantFrom, property, record, boolean, nat } from "fast-check";
import { describe, expect, it } from "vitest";

describe("[DUR-02] the checker of queues", () => {
  it("accepts a history in which everything acknowledged came out once", () => {
    const values = ["a", "b"];
    expect(checkTotalQueue({ attempted: values, acknowledged: values, completed: values })).toEqual({
      valid: true,
      ok: 2,
      lost: [],
      unexpected: [],
      duplicated: [],
      recovered: [],
    });
  });

  it("lets a submission that was never answered end either way", () => {
    const sent = { attempted: ["a", "b"], acknowledged: ["a"] };
    expect(checkTotalQueue({ ...sent, completed: ["a"] })).toMatchObject({ valid: true, recovered: [] });
    expect(checkTotalQueue({ ...sent, completed: ["b", "a"] })).toMatchObject({
      valid: true,
      recovered: ["b"],
    });
  });

  it.each([
    ["lost", { attempted: ["a"], acknowledged: ["a"], completed: [] }],
    ["unexpected", { attempted: [], acknowledged: [], completed: ["a"] }],
    ["duplicated", { attempted: ["a"], acknowledged: ["a"], completed: ["a", "a"] }],
  ] as const)("calls a value %s, and the history not valid", (fault, history) => {
    expect(checkTotalQueue(history)).toMatchObject({ valid: false, [fault]: ["a"] });
  });

  it("puts every value of any history into the class it belongs to", () => {
    const one = record({ sent: boolean(), told: boolean(), times: nat(2) });
    assert(
      property(array(one, { maxLength: 12 }), constantFrom("v", "w"), (values, prefix) => {
        const named = values.map((value, index) => ({
          ...value,
          told: value.sent && value.told,
          name: `${prefix}${index}`,
        }));
        const names = (keep: (value: (typeof named)[number]) => boolean): string[] =>
          named.filter(keep).map(({ name }) => name);
        const report = checkTotalQueue({
          attempted: names(({ sent }) => sent),
          acknowledged: names(({ told }) => told),
          completed: named.flatMap(({ name, times }) => Array<string>(times).fill(name)),
        });
        expect(report.lost).toEqual(names(({ told, times }) => told && times === 0));
        expect(report.unexpected).toEqual(names(({ sent, times }) => !sent && times > 0));
        expect(report.duplicated).toEqual(names(({ times }) => times > 1));
        expect(report.recovered).toEqual(names(({ sent, told, times }) => sent && !told && times > 0));
        expect(report.ok).toBe(names(({ told, times }) => told && times > 0).length);
      }),
    );
  });
});
