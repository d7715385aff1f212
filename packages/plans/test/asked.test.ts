import { createMcpClient } from "@parley/mcp-client";
import { createServer } from "@parley/server";
import { createRegistry, defineTool } from "@parley/tool-registry";
import { createCliInterface } from "@parley/plans";
import type { PlanInterface } from "@parley/plans";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { bench, watcher } from "./_bench.ts";

const remove = defineTool({
  name: "remove_run",
  description: "Removes a run and its files.",
  input: z.object({ run: z.string() }),
  async handler({ run }, context) {
    const schema = z.object({
      logs: z.boolean().default(true).describe("Keep the logs?"),
      days: z.int().describe("For how many days"),
    });
    const answer = await context.elicit({ message: `Remove ${run}?`, schema });
    return answer.action === "accept" ? `removed, ${JSON.stringify(answer.content)}` : answer.action;
  },
});

const plan = "name: p\nsteps: [{ name: clean, type: tool, tool: remove_run, inputs: { run: r7 } }]\n";

/** The plan against a server that asks while its tool runs. */
async function asking(ui: PlanInterface) {
  const registry = createRegistry();
  registry.addTool(remove);
  const server = createServer({ name: "asks", version: "1", registry });
  onTestFinished(() => server.close());
  const { url } = await server.listen({ host: "127.0.0.1", port: 0 });
  const client = createMcpClient({ url: `${url}/mcp`, capabilities: { elicitation: { form: {} } } });
  onTestFinished(() => client.close());
  const { runner, loaded } = await bench(plan, { servers: { one: client }, ui });
  return await runner.start(loaded);
}

it("[PLN-56] what a server asks during a call reaches the interface, and the answers the server", async () => {
  const { ui, questions } = watcher({ "clean.logs": "no", "clean.days": "3" });
  const outcome = await asking(ui);
  expect(questions).toMatchObject([
    {
      id: "clean.logs",
      step: "clean",
      text: "Remove r7? Keep the logs?",
      options: ["yes", "no"],
      initial: "yes",
    },
    { id: "clean.days", text: "Remove r7? For how many days:" },
  ]);
  expect(outcome).toMatchObject({
    status: "success",
    outputs: { text: 'removed, {"logs":false,"days":3}' },
  });
});

it("[PLN-56] a question that nobody can answer stops the run, and says how it is answered", async () => {
  const lines: string[] = [];
  const outcome = await asking(createCliInterface({ write: (line) => void lines.push(line) }));
  expect(outcome).toMatchObject({
    status: "stopped",
    error: {
      code: "E_INPUT_UNSUPPORTED",
      message: expect.stringMatching(/clean\.logs.*give the answer in a file with --answers\.$/),
    },
  });
  expect(lines.join("\n")).not.toContain("removed");
});
