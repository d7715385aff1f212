import { isOpen, objects, parse, text } from "./json.ts";
import type { Open } from "./json.ts";
import { call } from "./mcp.ts";

const readMs = 30_000;

/** The JSON of a resource, part by part. @throws Refusal */
async function readParts(uri: string): Promise<readonly unknown[]> {
  const result = await call({ method: "resources/read", params: { uri } }, { timeoutMs: readMs });
  return objects(result["contents"]).map((part) => parse(text(part["text"]) ?? "null"));
}

/** The queue in numbers. @throws Refusal */
export async function readStats(): Promise<Open> {
  const [stats] = await readParts("task://stats");
  return isOpen(stats) ? stats : {};
}

/** The first tasks of a status, and whether there are more. @throws Refusal */
export async function readTasks(
  status: string,
  limit: number,
): Promise<{ tasks: readonly Open[]; more: boolean }> {
  const [tasks, next] = await readParts(`task://filter/${status}?after=0&limit=${limit}`);
  return { tasks: objects(tasks), more: next !== undefined };
}

/** One task. @throws Refusal */
export async function readTask(id: string): Promise<Open> {
  const [task] = await readParts(`task://${encodeURIComponent(id)}`);
  return isOpen(task) ? task : {};
}

/** Calls a tool of the queue. @returns what it says. @throws Refusal, Error when the tool refuses */
export async function callTool(name: string, args: Open): Promise<string> {
  const result = await call(
    { method: "tools/call", params: { name, arguments: args } },
    { timeoutMs: readMs },
  );
  const said = objects(result["content"]).flatMap(({ text: words }) => text(words) ?? []);
  if (result["isError"] === true) throw new Error(said.join(" "));
  return said.join(" ");
}
