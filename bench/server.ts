import { Pool, request } from "undici";
import { z } from "zod";
import { openChild } from "./child.ts";
import type { Child } from "./child.ts";
import { quantile } from "./harness.ts";
import type { Bench, Figure } from "./harness.ts";
import { jsonHeaders, modernRequest } from "./mcp-request.ts";

const concurrency = 32;
const Url = z.object({ url: z.string() });
const Usage = z.object({ cpuSeconds: z.number() });

interface Wire {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** One way to be called, served by a process of its own. */
interface Subject {
  readonly name: string;
  readonly start: Readonly<Record<string, unknown>>;
  prepare(url: string): Promise<Wire>;
}

const call = { name: "echo_0", arguments: { text: "hello" } };
const modern = (): Promise<Wire> => Promise.resolve(modernRequest("tools/call", call));
const fast = (tools: number): Subject => ({
  name: `tools/call, ${tools} tools`,
  start: { kind: "mcp", tools, fastPath: true },
  prepare: modern,
});
const subjects: readonly Subject[] = [
  { name: "bare fastify echo", start: { kind: "echo" }, prepare: modern },
  fast(1),
  fast(50),
  fast(200),
  { name: "SDK path, 200 tools", start: { kind: "mcp", tools: 200, fastPath: false }, prepare: modern },
  {
    name: "session path, 200 tools",
    start: { kind: "mcp", tools: 200, fastPath: true },
    prepare: openSession,
  },
];

/** CPU time of the serving process, so that neither the load generator nor a neighbour counts. */
export const serverBench: Bench = {
  name: "server",
  title: `CPU per tools/call, ${concurrency} at a time, server and callers apart; baseline a bare fastify JSON echo`,
  async run({ short }) {
    const load = short ? { warmUp: 3000, calls: 3000, rounds: 3 } : { warmUp: 6000, calls: 6000, rounds: 5 };
    const running = await Promise.all(subjects.map((subject) => open(subject)));
    try {
      for (const { pool, wire } of running) await send(pool, wire, load.warmUp);
      const samples = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
      for (let round = 0; round < load.rounds; round += 1) {
        for (const one of running) samples.get(one.name)?.push(await measure(one, load.calls));
      }
      return figuresOf(new Map(Array.from(samples, ([name, sample]) => [name, quantile(sample, 0.5)])));
    } finally {
      await Promise.all(running.map(({ pool }) => pool.destroy()));
      await Promise.all(running.map(({ child }) => child.close()));
    }
  },
};

interface Running {
  readonly name: string;
  readonly child: Child;
  readonly pool: Pool;
  readonly wire: Wire;
}

async function open(subject: Subject): Promise<Running> {
  const child = await openChild(new URL("server/server-process.ts", import.meta.url));
  const { url } = await child.ask(Url, "start", subject.start);
  const pool = new Pool(new URL(url).origin, { connections: concurrency });
  return { name: subject.name, child, pool, wire: await subject.prepare(url) };
}

/** Microseconds of CPU per call. */
async function measure({ child, pool, wire }: Running, calls: number): Promise<number> {
  const before = (await child.ask(Usage, "usage")).cpuSeconds;
  await send(pool, wire, calls);
  return (((await child.ask(Usage, "usage")).cpuSeconds - before) / calls) * 1e6;
}

async function send(pool: Pool, wire: Wire, calls: number): Promise<void> {
  let left = calls;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const { statusCode, body } = await pool.request({ path: "/mcp", method: "POST", ...wire });
      const text = await body.text();
      if (statusCode !== 200 || !text.includes("hello")) throw new Error(`HTTP ${statusCode}: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
}

/** The handshake of a 2025-era client; every call then names its session. */
async function openSession(url: string): Promise<Wire> {
  const version = "2025-06-18";
  const params = {
    protocolVersion: version,
    capabilities: {},
    clientInfo: { name: "bench", version: "0.0.0" },
  };
  const hello = await post(url, { id: 1, method: "initialize", params }, {});
  const session = { "mcp-session-id": hello, "mcp-protocol-version": version };
  await post(url, { method: "notifications/initialized" }, session);
  const body = JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/call", params: call });
  return { headers: { ...jsonHeaders, ...session }, body };
}

async function post(url: string, message: object, extra: Record<string, string>): Promise<string> {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  const response = await request(url, { method: "POST", headers: { ...jsonHeaders, ...extra }, body });
  await response.body.text();
  return String(response.headers["mcp-session-id"] ?? "");
}

function figuresOf(microseconds: ReadonlyMap<string, number>): readonly Figure[] {
  const of = (name: string): number => microseconds.get(name) ?? Number.NaN;
  const echo = of("bare fastify echo");
  return [
    ...Array.from(microseconds, ([name, value]) => ({ name, value, unit: "us" })),
    {
      name: "1 tool over the echo",
      value: of("tools/call, 1 tools") / echo,
      unit: "x",
      target: { atMost: 3 },
    },
    {
      name: "200 tools over the echo",
      value: of("tools/call, 200 tools") / echo,
      unit: "x",
      target: { atMost: 3 },
    },
    {
      name: "200 tools over 1 tool",
      value: of("tools/call, 200 tools") / of("tools/call, 1 tools"),
      unit: "x",
      target: { atMost: 1.25 },
    },
  ];
}
