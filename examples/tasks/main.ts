// Starts parley-tasks as a desktop host does, works on a task by hand, and has a nightly batch done by programs.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createStdioClient } from "@parley/mcp-client/stdio";
import { createTasks } from "@parley/tasks";
import { z } from "zod";

try {
  await (await createTasks({ file: ":memory:" })).close();
} catch (error) {
  console.log(`Nothing to show here: ${error instanceof Error ? error.message : String(error)}`);
  process.exit();
}

const manifest = createRequire(import.meta.url).resolve("@parley/tasks/package.json");
const bin = join(dirname(manifest), "bin", "parley-tasks.js");
const folder = await mkdtemp(join(tmpdir(), "parley-tasks-example-"));
const node = process.execPath;

const client = createStdioClient({
  command: node,
  args: [bin, "--tasks", join(folder, "tasks.db"), "--allow", node],
});

/** Calls a tool, shows its text, and reads its answer. */
async function call<Shape extends z.ZodType>(
  name: string,
  args: Readonly<Record<string, unknown>>,
  shape: Shape,
): Promise<z.output<Shape>> {
  const { content, structuredContent } = await client.callTool(name, args);
  const [said] = z.array(z.object({ text: z.string() })).parse(content);
  console.log(`${name}: ${said?.text.split("\n", 1)[0] ?? ""}`);
  return shape.parse(structuredContent);
}

/** A task that a program does and another one checks. */
const step = (ref: string, code: string, pattern: string, dependsOn: readonly string[] = []) => ({
  ref,
  description: `Nightly: ${ref}`,
  execute: { type: "command", argv: [node, "-e", code] },
  verify: [{ type: "regex", pattern }],
  depends_on: dependsOn,
});

// The first attempt at the report knows nothing; the second reads what was wrong with it on its standard input.
const report = `
  let text = ""; process.stdin.on("data", (part) => (text += part)).on("end", () => {
    const { feedback } = JSON.parse(text);
    console.log(feedback.length === 0 ? "report" : "report of 3 rows");
  });`;

const Ended = z.object({ status: z.string() });
const Report = z.object({ completed: z.number(), attempts: z.number(), stopped: z.string() });

try {
  const { id } = await call(
    "add_task",
    { description: "Write a haiku about MCP" },
    z.object({ id: z.string() }),
  );
  await call("get_next_task", {}, z.unknown());
  const haiku = "Tools wait in the dark / a lease is held, then let go / nothing has been lost";
  assert.equal((await call("complete_task", { task_id: id, result: haiku }, Ended)).status, "completed");

  const tasks = [
    step("fetch", "console.log('3 rows')", "^3 rows$"),
    step("clean", "console.log('clean')", "^clean$", ["fetch"]),
    step("report", report, "\\d rows$", ["clean"]),
  ];
  await call("add_tasks_batch", { tasks }, z.unknown());
  const ran = await call("run_orchestrator", { max_tasks: 10 }, Report);
  assert.deepEqual(ran, { completed: 3, attempts: 4, stopped: "drained" });

  const { contents } = await client.readResource("task://completed");
  const [{ text }] = z.tuple([z.object({ text: z.string() })]).parse(contents);
  const completed = z
    .array(z.object({ description: z.string(), result: z.string() }))
    .parse(JSON.parse(text));
  for (const { description, result } of completed) console.log(`${description}: ${result}`);
  assert.equal(completed.at(-1)?.result, "report of 3 rows");
} finally {
  await client.close();
  await rm(folder, { recursive: true, force: true });
}
