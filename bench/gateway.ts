import type { Bench, Figure } from "./harness.ts";
import { openLineUp } from "./gateway/line-up.ts";
import { concurrency, measureAll } from "./gateway/measure.ts";
import type { Found } from "./gateway/measure.ts";
import { measureRecovery, measureStart } from "./gateway/moments.ts";
import { findPeers } from "./gateway/peers.ts";

/** Other gateways, where they can be had, answer the same calls in the same run. */
export const gatewayBench: Bench = {
  name: "gateway",
  title: `One call through the gateway, 1 and ${concurrency} at a time: keys, policy, audit log and metrics on; an echo server behind it`,
  async run({ short }) {
    const load = short
      ? { rounds: 3, aloneMs: 150, togetherMs: 250 }
      : { rounds: 3, aloneMs: 1000, togetherMs: 2000 };
    const lineUp = await openLineUp(short ? {} : await findPeers());
    try {
      const calls = await measureAll(lineUp.calls, load);
      const lists = await measureAll(lineUp.lists, { ...load, togetherMs: load.aloneMs });
      const start = await measureStart(short ? 1000 : 3000);
      return [
        ...Array.from(calls, ([name, found]) => figuresOf(name, found)).flat(),
        ...overDirect(calls),
        ...overPeers(calls),
        ...ofLists(lists),
        { name: "listening with 20 servers", value: start.listeningMs, unit: "ms" },
        {
          name: "20 servers ready, over the slowest alone",
          value: start.ratio,
          unit: "x",
          target: { atMost: 1.5 },
        },
        {
          name: "child killed, next call answered",
          value: await measureRecovery(short ? 3 : 7),
          unit: "ms",
          target: { atMost: 250 },
        },
      ];
    } finally {
      await lineUp.close();
    }
  },
};

function figuresOf(name: string, { p50Ms, p99Ms, rate, p99TogetherMs, cpuMs }: Found): readonly Figure[] {
  return [
    { name: `${name}, p50`, value: p50Ms, unit: "ms" },
    { name: `${name}, p99`, value: p99Ms, unit: "ms" },
    { name: `${name}, at once`, value: rate, unit: "/s" },
    { name: `${name}, p99 at once`, value: p99TogetherMs, unit: "ms" },
    ...(cpuMs === undefined ? [] : [{ name: `${name}, CPU`, value: cpuMs, unit: "ms" }]),
  ];
}

type Calls = ReadonlyMap<string, Found>;

/** Targets that need nobody else. */
function overDirect(calls: Calls): readonly Figure[] {
  const of = (name: string): Found | undefined => calls.get(name);
  const rate = (name: string): number => of(name)?.rate ?? Number.NaN;
  const direct = of("direct HTTP")?.p50Ms ?? Number.NaN;
  const added = (name: string): number => ((of(name)?.p50Ms ?? Number.NaN) - direct) / direct;
  const same = rate("MCP to stdio, 2026 to 2026");
  return [
    // Said as a share of the direct call, which takes 0.2 ms on the machine the target was set on.
    { name: "added p50 over direct HTTP", value: added("MCP to stdio"), unit: "x", target: { atMost: 0.75 } },
    { name: "added p50 of REST", value: added("REST to stdio"), unit: "x" },
    // What the least program that does the same adds, and one that does not go to sleep either.
    { name: "added p50 of bare node:http", value: added("bare node:http to stdio"), unit: "x" },
    { name: "added p50 of bare node:http, awake", value: added("bare node:http to stdio, awake"), unit: "x" },
    {
      name: "bare node:http to HTTP, rate over direct",
      value: rate("bare node:http to HTTP") / rate("direct HTTP"),
      unit: "x",
    },
    {
      name: "MCP to HTTP, rate over direct",
      value: rate("MCP to HTTP") / rate("direct HTTP"),
      unit: "x",
    },
    {
      name: "2026 to 2025 over 2026 to 2026",
      value: rate("MCP to stdio, 2026 to 2025") / same,
      unit: "x",
      target: { atLeast: 0.9 },
    },
    {
      name: "2025 to 2026 over 2025 to 2025",
      value: rate("MCP to stdio, 2025 to 2026") / rate("MCP to stdio"),
      unit: "x",
      target: { atLeast: 0.9 },
    },
  ];
}

function overPeers(calls: Calls): readonly Figure[] {
  const peers = ["mcp-proxy to stdio", "supergateway to stdio"].flatMap((name) => calls.get(name) ?? []);
  const best = Math.max(...peers.map(({ rate }) => rate));
  const cheapest = Math.min(...peers.map(({ cpuMs }) => cpuMs ?? Number.NaN));
  const ours = calls.get("MCP to stdio");
  const figures: Figure[] = [];
  if (ours !== undefined && peers.length > 0) {
    const name = "MCP to stdio over the best peer";
    figures.push({ name, value: ours.rate / best, unit: "x", target: { atLeast: 2.5 } });
    if (ours.cpuMs !== undefined) {
      figures.push({
        name: `${name}, CPU`,
        value: ours.cpuMs / cheapest,
        unit: "x",
        target: { atMost: 0.3 },
      });
    }
  }
  const toHttp = calls.get("Inspector's proxy to HTTP");
  if (toHttp !== undefined) {
    const value = (calls.get("MCP to HTTP")?.rate ?? Number.NaN) / toHttp.rate;
    figures.push({ name: "MCP to HTTP over the best peer", value, unit: "x", target: { atLeast: 4 } });
  }
  for (const [way, atLeast] of [
    ["stdio", 8],
    ["HTTP", 15],
  ] as const) {
    const mcpo = calls.get(`mcpo to ${way}`);
    const rest = calls.get(`REST to ${way}`);
    if (mcpo === undefined || rest === undefined) continue;
    figures.push({
      name: `REST to ${way} over mcpo`,
      value: rest.rate / mcpo.rate,
      unit: "x",
      target: { atLeast },
    });
  }
  return figures;
}

function ofLists(lists: Calls): readonly Figure[] {
  const direct = lists.get("direct")?.p50Ms ?? Number.NaN;
  const ours = lists.get("ours")?.p50Ms ?? Number.NaN;
  return [
    { name: "tools/list of 500 tools, direct", value: direct, unit: "ms" },
    { name: "tools/list of 500 tools, ours", value: ours, unit: "ms" },
    { name: "tools/list of 500 tools over direct", value: ours / direct, unit: "x", target: { atMost: 1.2 } },
  ];
}
