import { Pool } from "undici";
import { z } from "zod";
import { openChild } from "../child.ts";
import { jsonHeaders, modernRequest } from "../mcp-request.ts";
import type { SoakReport } from "./report.ts";
import { slope } from "./slope.ts";

/** Sizes of {@link soakCalls}. */
export interface CallsSoak {
  readonly calls: number;
  /** 2025-era sessions that are opened, used once and never ended; every fifth holds a stream that is cut. */
  readonly sessions: number;
  /** Times the memory is looked at. */
  readonly laps: number;
}

const Memory = z.object({ rssMb: z.number(), heapMb: z.number() });
const Activity = z.object({
  sessions: z.number(),
  expired: z.number(),
  streams: z.number(),
  runningCalls: z.number(),
});
const concurrency = 16;
/** Growth that counts as none, in MB for each 10,000 calls after the first half of the laps. */
const heapBound = 0.25;
const rssBound = 2;

/** Calls of both eras and abandoned sessions, while the server's memory is to stay where it is. */
export async function soakCalls({ calls, sessions, laps }: CallsSoak): Promise<SoakReport> {
  const child = await openChild(new URL("calls-process.ts", import.meta.url));
  const { url } = await child.ask(z.object({ url: z.string() }), "start");
  const pool = new Pool(url, { connections: concurrency });
  const seen: z.output<typeof Memory>[] = [];
  try {
    for (let lap = 0; lap < laps; lap += 1) {
      await many(calls / laps, (index) => (index % 2 === 0 ? callModern(pool) : callOld(pool)));
      await many(sessions / laps, (index) => abandon(pool, url, index));
      seen.push(await child.ask(Memory, "memory"));
    }
    const activity = await child.ask(Activity, "activity");
    const late = seen.slice(Math.floor(laps / 2));
    const perLap = calls / laps / 10_000;
    const growth = {
      heap: slope(late.map(({ heapMb }) => heapMb)) / perLap,
      rss: slope(late.map(({ rssMb }) => rssMb)) / perLap,
    };
    return {
      facts: { calls, abandoned: sessions, ...activity, growthMbPer10kCalls: growth, memory: seen },
      failures: judge(growth, activity),
    };
  } finally {
    await pool.destroy();
    await child.close();
  }
}

function judge(
  growth: { readonly heap: number; readonly rss: number },
  { sessions, streams, runningCalls }: z.output<typeof Activity>,
): string[] {
  return [
    ...(growth.heap > heapBound ? [`the heap grows ${growth.heap.toFixed(2)} MB per 10,000 calls`] : []),
    ...(growth.rss > rssBound ? [`resident memory grows ${growth.rss.toFixed(2)} MB per 10,000 calls`] : []),
    ...(sessions > 200 ? [`${sessions} sessions are held`] : []),
    ...(streams > 0 ? [`${streams} streams are held`] : []),
    ...(runningCalls > 0 ? [`${runningCalls} calls run on`] : []),
  ];
}

const call = { name: "echo", arguments: { text: "hello" } };
const modern = modernRequest("tools/call", call);
const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "soak", version: "0.0.0" },
  },
};
const oldCall = { jsonrpc: "2.0", id: 2, method: "tools/call", params: call };

async function callModern(pool: Pool): Promise<void> {
  const answer = await pool.request({ path: "/mcp", method: "POST", ...modern });
  expectHello(answer.statusCode, await answer.body.text());
}

async function callOld(pool: Pool): Promise<void> {
  const { status, text } = await post(pool, oldCall);
  expectHello(status, text);
}

/** Opens a session, calls once, and is never heard of again. */
async function abandon(pool: Pool, url: string, index: number): Promise<void> {
  const { session } = await post(pool, initialize);
  const named = { "mcp-session-id": session };
  const { status, text } = await post(pool, oldCall, named);
  expectHello(status, text);
  if (index % 5 !== 0) return;
  const cut = new AbortController();
  const stream = await fetch(`${url}/mcp`, {
    headers: { ...named, accept: "text/event-stream" },
    signal: cut.signal,
  });
  cut.abort();
  await stream.text().catch(() => "");
}

async function post(pool: Pool, message: object, more: Readonly<Record<string, string>> = {}) {
  const answer = await pool.request({
    path: "/mcp",
    method: "POST",
    headers: { ...jsonHeaders, ...more },
    body: JSON.stringify(message),
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, text, session: String(answer.headers["mcp-session-id"] ?? "") };
}

function expectHello(status: number, text: string): void {
  if (status !== 200 || !text.includes("hello")) throw new Error(`HTTP ${status}: ${text.slice(0, 500)}`);
}

async function many(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work((next += 1));
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
