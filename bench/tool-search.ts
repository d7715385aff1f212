import { createGateway } from "@parley/gateway";
import type { GatewayServer } from "@parley/gateway";
import { createMcpClient } from "@parley/mcp-client";
import type { JsonObject, McpClient } from "@parley/mcp-client";
import { createServer } from "@parley/server";
import { quantile } from "./harness.ts";
import type { Bench, Figure } from "./harness.ts";
import { catalogue } from "./tool-search/catalogue.ts";
import { costOf, tokens } from "./tool-search/costs.ts";
import type { TaskCost, Turn } from "./tool-search/costs.ts";
import { tasks } from "./tool-search/tasks.ts";
import type { Task } from "./tool-search/tasks.ts";

/** Both ways to the same tools: listed whole, and found by search. */
interface Ways {
  readonly all: McpClient;
  readonly search: McpClient;
  close(): Promise<void>;
}

async function open(): Promise<Ways> {
  const servers = Array.from(catalogue(), ([name, registry]) => ({
    name,
    server: createServer({ name, version: "1", registry, openApi: false }),
  }));
  const entries = await Promise.all(
    servers.map(async ({ name, server }): Promise<GatewayServer> => {
      const { url } = await server.listen({ port: 0 });
      const connection = { kind: "http", url: `${url}/mcp`, headers: {} } as const;
      return { name, enabled: true, connection, tools: { allow: [], deny: [], changes: {} } };
    }),
  );
  const gateway = createGateway({ servers: entries });
  const { url } = await gateway.listen({ port: 0 });
  await gateway.settled;
  const all = createMcpClient({ url: `${url}/mcp` });
  const search = createMcpClient({ url: `${url}/mcp?mode=search` });
  return {
    all,
    search,
    async close() {
      await Promise.all([all.close(), search.close()]);
      await gateway.close();
      await Promise.all(servers.map(({ server }) => server.close()));
    },
  };
}

/** What a model is given of tools. */
async function shown(client: McpClient): Promise<{ readonly text: string; readonly count: number }> {
  const tools = await client.listTools();
  const given = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  return { text: JSON.stringify(given), count: tools.length };
}

async function said(client: McpClient, name: string, args: JsonObject): Promise<string> {
  const { content } = await client.callTool(name, args);
  const [block]: readonly unknown[] = Array.isArray(content) ? content : [];
  return typeof block === "object" && block !== null && "text" in block ? String(block.text) : "";
}

/** The sentence a model ends with; as long for both ways. */
const ending: Turn = {
  writes: "That is done: it is open under https://example.test/a1b2c3 now, as you asked.",
};

async function withAll({ all }: Ways, tools: string, { words, tool, args }: Task): Promise<TaskCost> {
  const reads = await said(all, tool, args);
  return costOf(tools, words, [{ writes: JSON.stringify({ tool, args }), reads }, ending]);
}

interface Searched {
  readonly cost: TaskCost;
  readonly searches: number;
  /** Whether the tool was found, and so called. */
  readonly isDone: boolean;
}

/** Searches with a model's words, then the person's, and asks for the schema where the line says only `object`. */
async function withSearch({ search }: Ways, tools: string, task: Task): Promise<Searched> {
  const turns: Turn[] = [];
  let line: string | undefined;
  for (const query of [task.query, task.words]) {
    const reads = await said(search, "search_tools", { query });
    turns.push({ writes: JSON.stringify({ tool: "search_tools", args: { query } }), reads });
    line = reads.split("\n").find((one) => one.startsWith(`${task.tool}(`));
    if (line !== undefined) break;
  }
  const searches = turns.length;
  if (line === undefined) {
    return { cost: costOf(tools, task.words, [...turns, ending]), searches, isDone: false };
  }
  const about = { name: task.tool };
  if ("fields" in task.args) {
    const reads = await said(search, "describe_tool", about);
    turns.push({ writes: JSON.stringify({ tool: "describe_tool", args: about }), reads });
  }
  const call = { ...about, arguments: task.args };
  const reads = await said(search, "call_tool", call);
  turns.push({ writes: JSON.stringify({ tool: "call_tool", args: call }), reads });
  return { cost: costOf(tools, task.words, [...turns, ending]), searches, isDone: true };
}

/** At which place of the hits the tool is; 0 when it is not among them. */
async function rank({ search }: Ways, query: string, tool: string): Promise<number> {
  const lines = (await said(search, "search_tools", { query, limit: 20 })).split("\n");
  return lines.findIndex((line) => line.startsWith(`${tool}(`)) + 1;
}

function share(ranks: readonly number[], within: number): number {
  return (ranks.filter((at) => at > 0 && at <= within).length / ranks.length) * 100;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

function costFigures(name: string, costs: readonly TaskCost[]): readonly Figure[] {
  const mean = (key: keyof TaskCost): number => sum(costs.map((cost) => cost[key])) / costs.length;
  return [
    { name: `${name}: requests for a task`, value: mean("requests"), unit: "" },
    { name: `${name}: input for a task`, value: mean("input"), unit: "tokens" },
    { name: `${name}: input for a task, cached prefix a tenth`, value: mean("cachedInput"), unit: "tokens" },
    { name: `${name}: output for a task`, value: mean("output"), unit: "tokens" },
  ];
}

interface Comparison {
  /** Tokens of one tool of the list. */
  readonly perTool: number;
  readonly tools: number;
  readonly all: readonly TaskCost[];
  readonly search: readonly TaskCost[];
}

/** With how many tools both ways cost the same, where each request holds so many tokens of other text besides. */
function breakEven({ perTool, tools, all, search }: Comparison, other: number): number {
  const mean = (costs: readonly TaskCost[], key: "input" | "requests"): number =>
    sum(costs.map((cost) => cost[key])) / costs.length;
  const requests = mean(all, "requests");
  const withoutTools = mean(all, "input") - requests * perTool * tools;
  const more = (mean(search, "requests") - requests) * other;
  return (mean(search, "input") + more - withoutTools) / (requests * perTool);
}

async function measure(ways: Ways): Promise<readonly Figure[]> {
  const [everything, three] = [await shown(ways.all), await shown(ways.search)];
  const all: TaskCost[] = [];
  const searched: Searched[] = [];
  const ranks: { readonly query: number; readonly words: number }[] = [];
  for (const task of tasks) {
    all.push(await withAll(ways, everything.text, task));
    searched.push(await withSearch(ways, three.text, task));
    ranks.push({
      query: await rank(ways, task.query, task.tool),
      words: await rank(ways, task.words, task.tool),
    });
  }
  const found = searched.map(({ cost }) => cost);
  const saved = sum(found.map(({ input }) => input)) / sum(all.map(({ input }) => input));
  const ofQueries = ranks.map(({ query }) => query);
  const ofWords = ranks.map(({ words }) => words);
  const tools = everything.count;
  const compared = { perTool: tokens(everything.text) / tools, tools, all, search: found };
  return [
    { name: "tools", value: everything.count, unit: "", target: { atLeast: 500 } },
    { name: "all tools, one request", value: tokens(everything.text), unit: "tokens" },
    { name: "three tools, one request", value: tokens(three.text), unit: "tokens", target: { atMost: 2500 } },
    ...costFigures("listed", all),
    ...costFigures("searched", found),
    { name: "searched / listed, input", value: saved, unit: "x", target: { atMost: 0.1 } },
    {
      name: "largest task, searched",
      value: quantile(
        found.map(({ input }) => input),
        1,
      ),
      unit: "tokens",
    },
    {
      name: "tasks done by search",
      value: searched.filter(({ isDone }) => isDone).length,
      unit: `of ${tasks.length}`,
    },
    {
      name: "searches for a task",
      value: sum(searched.map(({ searches }) => searches)) / tasks.length,
      unit: "",
    },
    { name: "a model's words: first of the hits", value: share(ofQueries, 1), unit: "%" },
    {
      name: "a model's words: among the five shown",
      value: share(ofQueries, 5),
      unit: "%",
      target: { atLeast: 80 },
    },
    { name: "the person's words: first of the hits", value: share(ofWords, 1), unit: "%" },
    { name: "the person's words: among the five shown", value: share(ofWords, 5), unit: "%" },
    { name: "both ways cost the same with", value: breakEven(compared, 0), unit: "tools" },
    {
      name: "the same in a conversation of 10,000 tokens",
      value: breakEven(compared, 10_000),
      unit: "tools",
    },
  ];
}

export const toolSearchBench: Bench = {
  name: "tool-search",
  title: `Tool search: ${tasks.length} tasks over 500 tools of 25 servers, listed whole and found by search`,
  async run() {
    const ways = await open();
    try {
      return await measure(ways);
    } finally {
      await ways.close();
    }
  },
};
