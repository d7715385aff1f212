import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ParleyError } from "@parley/core";
import { queues } from "@parley/orchestrator";
import { accept, createQueue } from "@parley/queue";
import type { Queue } from "@parley/queue";
import { z } from "zod";
import { whyUnreadable } from "./unreadable.ts";
import { tasksFile } from "./state-file.ts";

/** A task as JSON files of task managers have it; fields nobody knows are left out. */
const Imported = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  description: z.string().min(1).max(20_000),
  status: z.string().default("pending"),
  priority: z.coerce.number().int().min(1).max(10).default(5).catch(5),
  max_attempts: z.coerce.number().int().min(1).max(100).default(3).catch(3),
  result: z.unknown().optional(),
  error: z.string().nullish(),
  feedback: z.string().nullish(),
});
type Imported = z.infer<typeof Imported>;

const List = z.union([
  z.array(Imported),
  z
    .object({
      tasks: z.union([
        z.array(Imported),
        z.record(z.string(), Imported).transform((by) => Object.values(by)),
      ]),
    })
    .transform(({ tasks }) => tasks),
]);

/** What came of an import. */
export interface ImportReport {
  readonly added: number;
  /** Imported before. */
  readonly known: number;
  readonly completed: number;
}

/** Takes over tasks of a file: waiting ones wait, completed ones keep their result, failed ones are failed. */
export async function importTasks(
  file: string,
  { path, env }: { path: string | undefined; env: Readonly<Record<string, string | undefined>> },
): Promise<ImportReport> {
  const tasks = await readTasks(file);
  const target = tasksFile(path, env);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const queue = await createQueue({ path: target });
  try {
    const report = { added: 0, known: 0, completed: 0 };
    for (const task of tasks) {
      const isNew = await importTask(queue, task);
      report[isNew ? "added" : "known"] += 1;
      if (task.status === "completed") report.completed += 1;
    }
    return report;
  } finally {
    await queue.close();
  }
}

async function readTasks(file: string): Promise<readonly Imported[]> {
  const refuse = (why: string, cause: unknown): ParleyError =>
    new ParleyError("E_CONFIG_INVALID", `${file} cannot be read: ${why}.`, { cause });
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw refuse(whyUnreadable(cause), cause);
  });
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw refuse("it is no JSON; write a list of tasks, or an object with tasks", cause);
  }
  const parsed = List.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `${file} holds no tasks: it should be a list of objects with id and description, or an object with such tasks.`,
  );
}

/** @returns whether it was not known yet. A task that an import left in the middle is ended by the next one. */
async function importTask(queue: Queue, task: Imported): Promise<boolean> {
  const {
    id: name,
    description,
    priority,
    max_attempts: maxAttempts,
    status,
    result,
    feedback,
    error,
  } = task;
  const outcome = accept(
    await queue.submit({
      queue: queues.external,
      payload: { description, verify: [] },
      priority,
      maxAttempts,
      actor: "import",
      idempotencyKey: `import:${name}`.slice(0, 200),
    }),
  );
  if (outcome.state !== "pending") return outcome.repeated !== true;
  if (feedback && outcome.repeated !== true)
    await queue.retry(outcome.id, { feedback: feedback.slice(0, 4000), actor: "import" });
  if (status !== "completed" && status !== "failed") return outcome.repeated !== true;
  const [lease] = await queue.claim({ worker: "import", ids: [outcome.id] });
  if (lease === undefined) return outcome.repeated !== true;
  if (status === "completed") accept(await queue.complete(lease, { output: result ?? null, verdicts: [] }));
  else
    accept(
      await queue.fail(lease, {
        class: "permanent",
        message: error ?? "It had failed before it was imported.",
      }),
    );
  return outcome.repeated !== true;
}
