import { setTimeout as sleep } from "node:timers/promises";
import { getDatabase } from "@parley/databases";
import { createDatabaseTaskStore, createTasks } from "@parley/mcp-tasks";

/** Run as a process: starts tasks that never end, prints each id once it has it, and waits to be killed. */
const [, , uri = "", count = "1"] = process.argv;
const tasks = createTasks({ store: createDatabaseTaskStore(await getDatabase(uri)), leaseMs: 1500 });
for (let started = 0; started < Number(count); started += 1) {
  const work = async ({ signal }: { signal: AbortSignal }) => await sleep(600_000, {}, { signal });
  const { taskId } = await tasks.start({ owner: "ann", title: "endless", args: { started }, work });
  process.stdout.write(`${taskId}\n`);
}
await sleep(600_000);
