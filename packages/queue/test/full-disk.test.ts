import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createQueue } from "@parley/queue";
import { fakeClock } from "@parley/testing";
import { describe, expect, it } from "vitest";
import { accepted, codeOf, errorOf, scratch, sqliteMissing } from "./_open.ts";

const run = (program: string, ...flags: string[]): boolean =>
  spawnSync(program, flags, { stdio: "ignore" }).status === 0;

/** Why no small disk can be made here; absent when one can. */
async function mountMissing(): Promise<string | undefined> {
  const probe = join(await scratch(), "probe");
  mkdirSync(probe);
  const made = run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", probe);
  if (made) run("umount", probe);
  return made ? undefined : "skipped: this user may not mount a small disk";
}

const missing = (await sqliteMissing()) ?? (await mountMissing());

describe.skipIf(missing !== undefined)(`[DUR-04] a full disk ${missing ?? ""}`, () => {
  it("refuses writes, keeps reading, and recovers with everything that was acknowledged", async () => {
    const disk = join(await scratch(), "disk");
    mkdirSync(disk);
    run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk);
    try {
      const path = join(disk, "q.db");
      const options = { path, sweepMs: 0, ownerWaitMs: 0, clock: fakeClock() };
      const queue = await createQueue(options);
      const acknowledged: string[] = [];
      let error = "none";
      for (let sent = 0; error === "none" && sent < 5000; sent += 1) {
        error = await errorOf(
          queue
            .submit({ payload: "x".repeat(1000) })
            .then((outcome) => acknowledged.push(accepted(outcome).id)),
        );
      }
      expect(error).toBe("E_QUEUE_DISK_FULL");
      expect(acknowledged.length).toBeGreaterThan(50);
      expect(await errorOf(queue.claim({ worker: "w", limit: 1000 }))).toBe("E_QUEUE_DISK_FULL");
      expect((await queue.list({ limit: 1000 })).tasks.length).toBe(Math.min(1000, acknowledged.length));
      expect((await queue.get(acknowledged[0] ?? ""))?.state).toBe("pending");
      expect((await queue.check()).problems).toEqual([]);
      run("mount", "-o", "remount,size=16m", disk);
      const [lease] = await queue.claim({ worker: "w" });
      expect(codeOf(lease && (await queue.complete(lease)))).toBe("ok");
      await queue.close();
      const reopened = await createQueue(options);
      for (const id of acknowledged) expect(await reopened.get(id)).toBeDefined();
      expect((await reopened.check()).problems).toEqual([]);
      await reopened.close();
    } finally {
      run("umount", "-l", disk);
    }
  });
});
