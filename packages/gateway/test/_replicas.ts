import { ParleyError } from "@parley/core";
import { toolContext } from "@parley/tool-registry";
import type { ToolContext, ToolResult } from "@parley/tool-registry";
import { fakeClock } from "@parley/testing";
import type { GatewayServer } from "@parley/gateway";
import { pooledUpstream } from "../src/pool/pooled-upstream.ts";
import type { CatalogueTool } from "../src/upstream/catalogue.ts";
import type { Upstream, UpstreamState } from "../src/upstream/upstream.ts";
import { entry, text, tool } from "./_gateway.ts";

export const lost = (): ParleyError => new ParleyError("E_MCP_UNREACHABLE", "It is gone.");

type Answer = (args: Readonly<Record<string, unknown>>, context: ToolContext) => Promise<ToolResult>;

/** A server in memory: what it answers and how it is can be changed while it runs. */
export interface Stand {
  answer: Answer;
  state: UpstreamState;
  calls: number;
  readonly upstream: Upstream;
}

const kinds = { look: { readOnlyHint: true }, set: { idempotentHint: true }, write: {} } as const;

function createStand(server: GatewayServer, name: string): Stand {
  const tools = Object.entries(kinds).map(
    ([kind, annotations]) =>
      [kind, { tool: tool(kind, text(name), { annotations }), original: kind }] as const,
  );
  let running = 0;
  const stand: Stand = {
    answer: async () => text(name),
    state: "ready",
    calls: 0,
    upstream: {
      server,
      get status() {
        return { state: stand.state, since: 0 };
      },
      catalogue: { identity: {}, tools: new Map(tools), prompts: new Map(), resources: [] },
      offered: { tools: tools.map(([, found]) => found.tool), prompts: [] },
      settled: Promise.resolve(),
      get running() {
        return running;
      },
      async callTool(_found, args, { context }) {
        stand.calls += 1;
        running += 1;
        try {
          return await stand.answer(args, context);
        } finally {
          running -= 1;
        }
      },
      within: (_what, { context }, work) => work(context),
      onChange: () => () => undefined,
      onTouch: () => () => undefined,
      retire: async () => undefined,
      close: async () => undefined,
    },
  };
  return stand;
}

/** Two servers as one, with time and chance in the test's hand. */
export function pool(raw: Readonly<Record<string, unknown>> = {}, size = 2) {
  const clock = fakeClock();
  const stands: Stand[] = [];
  const replicas = Array.from({ length: size - 1 }, () => ({ command: "x" }));
  const server = entry("pool", { command: "x", replicas, ...raw });
  let chance = 0;
  const upstream = pooledUpstream(server, {
    clock,
    random: () => chance,
    open(each) {
      const stand = createStand(each, `server ${stands.length + 1}`);
      stands.push(stand);
      return stand.upstream;
    },
  });
  const find = (name: string): CatalogueTool => {
    const found = upstream.catalogue.tools.get(name);
    if (found === undefined) throw new Error(`no tool ${name}`);
    return found;
  };
  const [first, second = first] = stands;
  if (first === undefined || second === undefined) throw new Error("no server");
  return {
    upstream,
    clock,
    first,
    second,
    draw: (next: number) => void (chance = next),
    call: (name: keyof typeof kinds, args = {}, known: Parameters<typeof toolContext>[0] = {}) =>
      upstream.callTool(find(name), args, { context: toolContext({ caller: "a", ...known }) }),
  };
}
