import { ParleyError } from "@parley/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { linkTo, registrationOf, testFleet } from "./_fleet.ts";

test("every id has a prefix of its own, and keeps it", async () => {
  const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,6}$/);
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(id, { minLength: 2, maxLength: 12 }), async (ids) => {
      const { roster } = testFleet();
      const entered = await Promise.all(ids.map((name) => roster.enter(registrationOf(name))));
      const prefixes = entered.map(({ member }) => member.record.prefix);
      expect(new Set(prefixes).size).toBe(ids.length);
      for (const prefix of prefixes) expect(prefix).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
      const again = await Promise.all(ids.map((name) => roster.enter(registrationOf(name))));
      expect(again.map(({ member }) => member.record.prefix)).toEqual(prefixes);
    }),
    { numRuns: 40 },
  );
});

test("members, prefixes and credentials survive a restart; another secret loses the credential only", async () => {
  const first = testFleet();
  await first.roster.enter(registrationOf("a-b"));
  await first.roster.enter(registrationOf("a.b"));
  const stored = JSON.stringify(await first.database.list("workers"));
  expect(stored).not.toContain("c".repeat(20));
  const second = testFleet(undefined, first.database);
  await second.roster.load();
  expect(second.roster.get("a.b").record.prefix).toMatch(/^a_b_[0-9a-f]{6}$/);
  expect(second.roster.get("a-b").credential).toBe("c".repeat(20));
  const third = testFleet(undefined, first.database, "another");
  await third.roster.load();
  expect(third.roster.get("a-b").credential).toBeUndefined();
});

test("online, stale, offline, online: by heartbeats and the current lease only", async () => {
  const { roster, clock } = testFleet();
  const old = await roster.enter(registrationOf("w"));
  const { member, lease } = await roster.enter(registrationOf("w"));
  const stateAfter = (ms: number) => {
    clock.advance(ms);
    return roster.state(member);
  };
  expect([stateAfter(0), stateAfter(20_000), stateAfter(1), stateAfter(10_000)]).toEqual([
    "online",
    "online",
    "stale",
    "offline",
  ]);
  expect(() => roster.beat("w", old.lease, 1)).toThrow(ParleyError);
  expect(() => roster.beat("nobody", lease, 1)).toThrow(/register again/);
  expect(roster.beat("w", lease, 1).toolsChanged).toBe(true);
  expect(roster.beat("w", lease, 1).toolsChanged).toBe(false);
  expect(roster.state(member)).toBe("online");
  await expect(roster.leave("w", old.lease)).rejects.toMatchObject({ code: "E_REGISTER_FORBIDDEN" });
  await roster.leave("w", lease);
  expect(roster.size).toBe(0);
});

test("a question goes to whom labels and ids pick, in order of id, the lost left out", async () => {
  const { roster, clock } = testFleet();
  await roster.enter(registrationOf("lost"));
  clock.advance(40_000);
  await roster.enter(registrationOf("b", { labels: { site: "llnl" } }));
  await roster.enter(registrationOf("a", { labels: { site: "llnl", gpu: "h100" } }));
  const ids = (filter: Parameters<typeof roster.pick>[0]) =>
    roster.pick(filter).map(({ record }) => record.id);
  expect(ids({})).toEqual(["a", "b"]);
  expect(ids({ includeOffline: true })).toEqual(["a", "b", "lost"]);
  expect(ids({ labels: { site: "llnl", gpu: "h100" } })).toEqual(["a"]);
  expect(() => ids({ workers: ["c"] })).toThrow(/known workers: a, b, lost/);
});

test("a renewed registration with a new address closes the old link", async () => {
  let closed = 0;
  const { roster } = testFleet(() => ({
    ...linkTo(() => ({})),
    close: () => Promise.resolve(void (closed += 1)),
  }));
  await roster.enter(registrationOf("w"));
  await roster.enter(registrationOf("w"));
  expect(closed).toBe(0);
  await roster.enter(registrationOf("w", { url: "http://elsewhere.example/mcp" }));
  expect(closed).toBe(1);
});
