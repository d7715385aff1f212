import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryDatabase } from "@parley/databases";
import type { Database } from "@parley/databases";
import { createPlanRunner, loadPlan } from "@parley/plans";
import type { PlanInterface, PlanRunnerOptions, PlanServer, Question, StepFinish } from "@parley/plans";
import { onTestFinished } from "vitest";

type Values = Readonly<Record<string, unknown>>;
type Handler = (args: Values, signal: AbortSignal | undefined) => unknown;

interface FakeTool {
  readonly handler: Handler;
  readonly annotations?: Values;
  readonly inputSchema?: Values;
}

/** An MCP server's answers without a wire: tools are functions, and every call is kept. */
export function fakeServer(
  tools: Readonly<Record<string, Handler | FakeTool>>,
  prompts: Readonly<Record<string, string>> = {},
  resources: Readonly<Record<string, string>> = {},
): PlanServer & { readonly calls: { name: string; args: Values }[] } {
  const calls: { name: string; args: Values }[] = [];
  const toolOf = (name: string): FakeTool => {
    const tool = tools[name];
    if (tool === undefined) throw new Error(`no tool ${name}`);
    return typeof tool === "function" ? { handler: tool } : tool;
  };
  return {
    calls,
    listTools: async () =>
      Object.keys(tools).map((name) => {
        const { annotations, inputSchema = { type: "object" } } = toolOf(name);
        return { name, description: `does ${name}`, inputSchema, ...(annotations && { annotations }) };
      }),
    listPrompts: async () =>
      Object.entries(prompts).map(([name, text]) => ({
        name,
        arguments: [...text.matchAll(/\{(\w+)\}/g)].map(([, key]) => ({ name: key, required: true })),
      })),
    listResources: async () => Object.keys(resources).map((uri) => ({ uri, name: uri })),
    async callTool(name, args = {}, options = {}) {
      calls.push({ name, args });
      const result = await toolOf(name).handler(args, options.signal);
      if (typeof result === "string") return { content: [{ type: "text", text: result }] };
      const fields = result as Values;
      if ("content" in fields) return fields;
      return { content: [{ type: "text", text: JSON.stringify(fields) }], structuredContent: fields };
    },
    async getPrompt(name, args = {}) {
      const text = (prompts[name] ?? "").replaceAll(/\{(\w+)\}/g, (_all, key: string) => args[key] ?? "");
      return { messages: [{ role: "user", content: { type: "text", text } }] };
    },
    readResource: async (uri) => ({ contents: [{ uri, text: resources[uri] ?? "" }] }),
  };
}

/** A tool's answer that says it failed. */
export const failed = (text: string): Values => ({ content: [{ type: "text", text }], isError: true });

/** An interface that keeps what it was told, and answers from a list. */
export function watcher(answers: Readonly<Record<string, string | undefined>> = {}) {
  const finishes: StepFinish[] = [];
  const told: string[] = [];
  const questions: Question[] = [];
  const ui: PlanInterface = {
    onStart: ({ resumed }) => void told.push(resumed ? "resumed" : "started"),
    onStepStart: ({ step, visit, attempt }) => void told.push(`${step} ${visit}.${attempt}`),
    onStepUpdate: ({ kind, text }) => void told.push(`${kind}: ${text}`),
    onStepFinish: (step) => {
      finishes.push(step);
      told.push(`${step.step}: ${step.event}${step.next === undefined ? "" : ` -> ${step.next}`}`);
    },
    onLog: ({ message }) => void told.push(`log: ${message}`),
    onComplete: ({ status }) => void told.push(status),
    async ask(question) {
      questions.push(question);
      const answer = answers[question.id];
      if (answer === undefined) throw new Error(`nobody answers ${question.id}`);
      return answer;
    },
    close: async () => undefined,
  };
  return { ui, finishes, told, questions };
}

/** A folder with files, gone after the test. */
export async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "parley-plans-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}

/** A plan file with a runner for it. */
export async function bench(
  text: string,
  options: Omit<PlanRunnerOptions, "database"> & {
    readonly database?: Database;
    readonly files?: Readonly<Record<string, string>>;
  },
) {
  const { files = {}, ...rest } = options;
  const database = options.database ?? createMemoryDatabase();
  const path = join(await folder({ "plan.yaml": text, ...files }), "plan.yaml");
  const runner = createPlanRunner({ pause: async () => undefined, ...rest, database });
  return {
    database,
    path,
    runner,
    loaded: await loadPlan(path, { agents: Object.keys(options.agents ?? {}) }),
  };
}
