import { createHash } from "node:crypto";
import { join } from "node:path";
import { createQueue } from "@parley/queue";
import Client from "better-sqlite3";
import { array, assert as hold, constantFrom, nat, oneof, property, record, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { migrate } from "../src/_migrations.ts";
import type { TaskRow } from "../src/_rows.ts";
import { createSql } from "../src/_sql.ts";
import { prepareInserts } from "../src/_inserts.ts";
import { createTaskUpdate } from "../src/_task-update.ts";
import { chainHash } from "../src/_unit.ts";
import { codeOf, scratch, sqliteMissing } from "./_open.ts";
import { plainRow } from "./_row.ts";

const missing = await sqliteMissing();

it("[QUEUE-03] an event's hash is that of the JSON of its fields, whatever characters they have", () => {
  const odd = ["default", "a.b:c-d", '","', "\\", "\n", "\u2028", "\ud800", "é😀", ""];
  const text = oneof(string({ maxLength: 20 }), constantFrom(...odd));
  const event = record({
    seq: nat(),
    at: nat(),
    attempt: nat(),
    type: text,
    queue: text,
    actor: text,
    data: text,
  });
  hold(
    property(event, text, text, (fields, taskId, previous) => {
      const row = { ...fields, taskId, taskSeq: 1, fromState: "running", toState: null } as const;
      const { seq, at, type, queue, attempt, actor, data } = fields;
      const line = [previous, seq, at, type, queue, taskId, "running", null, attempt, actor, data];
      const wanted = createHash("sha256").update(JSON.stringify(line)).digest("base64url");
      expect(chainHash(previous, row)).toBe(wanted);
    }),
    { numRuns: 40 },
  );
});

describe.skipIf(missing !== undefined)(`rows written together ${missing ?? ""}`, () => {
  const patch = record(
    {
      rank: nat(3),
      wakeAt: constantFrom(null, 1, 2),
      token: constantFrom(null, "a", "b"),
      worker: constantFrom(null, "w"),
      attempt: nat(2),
      waitingOn: nat(1),
    },
    { requiredKeys: [] },
  );

  it("[QUEUE-02] have each its own values, of however many kinds the changes are", () => {
    hold(
      property(array(patch, { minLength: 1, maxLength: 50 }), constantFrom(0, 2, 500), (patches, kept) => {
        const client = new Client(":memory:");
        migrate(client, { path: ":memory:" });
        const sql = createSql(client);
        const before = patches.map((_, index) => ({ ...plainRow, seq: index + 1, id: `t${index}` }));
        prepareInserts(sql).insertTasks(before);
        const after = before.map((row, index) => ({ ...row, ...patches[index] }));
        createTaskUpdate(
          sql,
          kept,
        )(before.map((row, index) => ({ before: row, after: after[index] ?? row })));
        expect(sql<[], TaskRow>("SELECT * FROM tasks ORDER BY seq").all()).toEqual(after);
        client.close();
      }),
      { numRuns: 30 },
    );
  });

  it("[QUEUE-02] give every lease its own token, which another process finds in the file", async () => {
    const path = join(await scratch(), "q.db");
    const first = await createQueue({ path, sweepMs: 0, ownerWaitMs: 0 });
    await first.batch(Array.from({ length: 45 }, () => ({ command: "submit" as const, task: {} })));
    const claims = await Promise.all(Array.from({ length: 45 }, () => first.claim({ worker: "w" })));
    const leases = claims.flat();
    expect(new Set(leases.map(({ id }) => id)).size).toBe(45);
    await first.close();
    const second = await createQueue({ path, sweepMs: 0, ownerWaitMs: 0 });
    const stolen = leases.map(({ id }, index) => ({ id, token: leases[(index + 1) % 45]?.token ?? "" }));
    const refused = await Promise.all(stolen.map((lease) => second.complete(lease)));
    expect(new Set(refused.map(codeOf))).toEqual(new Set(["stale_lease"]));
    const taken = await Promise.all(leases.map((lease, index) => second.complete(lease, index)));
    expect(new Set(taken.map(codeOf))).toEqual(new Set(["ok"]));
    expect((await second.get(leases[7]?.id ?? ""))?.result).toBe(7);
    expect((await second.check()).problems).toEqual([]);
    await second.close();
  });
});
