import { Pool, request } from "undici";
import { z } from "zod";
import { openChild } from "./child.ts";
import type { Child } from "./child.ts";
import { quantile } from "./harness.ts";
import type { Bench, Figure } from "./harness.ts";
import { jsonHeaders, modernRequest } from "./mcp-request.ts";
import { fastMcpModule } from "./server/peers.ts";

const concurrency = 32;
const Url = z.object({ url: z.string() });
const Usage = z.object({ cpuSeconds: z.number() });

interface Wire {
  readonly headers: Record<string, string>;
  /** The next body: in a session every request has an id of its own. */
  readonly body: string | (() => string);
}

/** One way to be called, served by a process of its own. */
interface Subject {
  readonly name: string;
  readonly start: Readonly<Record<string, unknown>>;
  prepare(url: string): Promise<Wire>;
  /** What an answer holds; default "hello". */
  readonly heard?: string;
}

const call = { name: "echo_0", arguments: { text: "hello" } };
const modern = (): Promise<Wire> => Promise.resolve(modernRequest("tools/call", call));
const fast = (tools: number): Subject => ({
  name: `tools/call, ${tools} tools`,
  start: { kind: "mcp", tools, fastPath: true },
  prepare: modern,
});
const session = (name: string, start: Subject["start"]): Subject => ({ name, start, prepare: openSession });
const token = "a-token-of-the-benchmark";
const guarded = async (): Promise<Wire> => {
  const { headers, body } = await modern();
  return { headers: { ...headers, authorization: `Bearer ${token}` }, body };
};
const list = (): Promise<Wire> => Promise.resolve(modernRequest("tools/list"));

async function allSubjects(): Promise<readonly Subject[]> {
  const module = await fastMcpModule();
  const mcp = { kind: "mcp", tools: 200, fastPath: true };
  return [
    { name: "bare fastify echo", start: { kind: "echo" }, prepare: modern },
    fast(1),
    fast(50),
    fast(200),
    { name: "with metrics and token, 200 tools", start: { ...mcp, token }, prepare: guarded },
    { name: "SDK path, 200 tools", start: { ...mcp, fastPath: false }, prepare: modern },
    session("session path, 200 tools", mcp),
    session("SDK v1 server, 200 tools", { kind: "sdk", tools: 200 }),
    ...(module === undefined ? [] : [session("FastMCP, 200 tools", { kind: "fastmcp", tools: 200, module })]),
    { name: "tools/list of 200 tools", start: mcp, prepare: list, heard: "echo_199" },
    { name: "bare fastify, same bytes", start: { kind: "bytes" }, prepare: list, heard: "echo_199" },
  ];
}

/** CPU time of the serving process, so that neither the load generator nor a neighbour counts. */
export const serverBench: Bench = {
  name: "server",
  title: `CPU per tools/call, ${concurrency} at a time, server and callers apart; baseline a bare fastify JSON echo`,
  async run({ short }) {
    const load = short ? { warmUp: 3000, calls: 3000, rounds: 3 } : { warmUp: 6000, calls: 6000, rounds: 5 };
    const subjects = await allSubjects();
    const running = await openAll(subjects);
    try {
      for (const one of running) await send(one, load.warmUp);
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
  readonly heard: string;
}

/** The bytes that the bare server sends are those of the list of ours. */
async function openAll(subjects: readonly Subject[]): Promise<readonly Running[]> {
  const running: Running[] = [];
  for (const subject of subjects) {
    const last = running.at(-1);
    const text = subject.start["kind"] === "bytes" && last !== undefined ? await answerOf(last) : undefined;
    running.push(await open(text === undefined ? subject : { ...subject, start: { kind: "bytes", text } }));
  }
  return running;
}

async function answerOf({ pool, wire }: Running): Promise<string> {
  return (await post(pool, wire)).body.text();
}

async function open(subject: Subject): Promise<Running> {
  const child = await openChild(new URL("server/server-process.ts", import.meta.url));
  const { url } = await child.ask(Url, "start", subject.start);
  const pool = new Pool(new URL(url).origin, { connections: concurrency });
  const { name, heard = "hello" } = subject;
  return { name, child, pool, heard, wire: await subject.prepare(url) };
}

/** Microseconds of CPU per call. */
async function measure(running: Running, calls: number): Promise<number> {
  const { child } = running;
  const before = (await child.ask(Usage, "usage")).cpuSeconds;
  await send(running, calls);
  return (((await child.ask(Usage, "usage")).cpuSeconds - before) / calls) * 1e6;
}

async function send({ pool, wire, heard }: Running, calls: number): Promise<void> {
  let left = calls;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const { statusCode, body } = await post(pool, wire);
      const text = await body.text();
      if (statusCode !== 200 || !text.includes(heard)) throw new Error(`HTTP ${statusCode}: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
}

function post(pool: Pool, { headers, body }: Wire) {
  const text = typeof body === "string" ? body : body();
  return pool.request({ path: "/mcp", method: "POST", headers, body: text });
}

/** The handshake of a 2025-era client; every call then names its session. */
async function openSession(url: string): Promise<Wire> {
  const version = "2025-06-18";
  const params = {
    protocolVersion: version,
    capabilities: {},
    clientInfo: { name: "bench", version: "0.0.0" },
  };
  const hello = await handshake(url, { id: 1, method: "initialize", params }, {});
  const session = { "mcp-session-id": hello, "mcp-protocol-version": version };
  await handshake(url, { method: "notifications/initialized" }, session);
  let id = 1;
  const body = (): string =>
    JSON.stringify({ jsonrpc: "2.0", id: (id += 1), method: "tools/call", params: call });
  return { headers: { ...jsonHeaders, ...session }, body };
}

async function handshake(url: string, message: object, extra: Record<string, string>): Promise<string> {
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
    ratio("metrics and token over none", "with metrics and token, 200 tools", "tools/call, 200 tools", 1.5),
    ratio("tools/list over the same bytes", "tools/list of 200 tools", "bare fastify, same bytes", 2.5),
    ratio("200 tools over SDK v1's", "tools/call, 200 tools", "SDK v1 server, 200 tools", 1),
    ratio("our sessions over SDK v1's", "session path, 200 tools", "SDK v1 server, 200 tools"),
    ...(microseconds.has("FastMCP, 200 tools")
      ? [
          ratio("200 tools over FastMCP's", "tools/call, 200 tools", "FastMCP, 200 tools", 1),
          ratio("our sessions over FastMCP's", "session path, 200 tools", "FastMCP, 200 tools"),
        ]
      : []),
  ];

  function ratio(name: string, over: string, under: string, atMost?: number): Figure {
    const target = atMost === undefined ? {} : { target: { atMost } };
    return { name, value: of(over) / of(under), unit: "x", ...target };
  }
}
