import { setTimeout as sleep } from "node:timers/promises";
import { openHttpCaller } from "../gateway/http-caller.ts";
import type { HttpCaller, HttpRequest } from "../gateway/http-caller.ts";
import { childrenOf } from "../gateway/program.ts";
import { echoStdio, startConfigured, startEcho } from "../gateway/subject.ts";
import { modernWire, restWire, sessionWire } from "../gateway/wires.ts";
import type { SoakReport } from "./report.ts";

/** Connections at once; each speaks for one client after the other. */
const connections = 32;
/** Time between two kills, and the calls between them: on a slow machine a program must get to work before the next. */
const peaceMs = 400;
const peaceCalls = 400;
const pollMs = 20;

const ways = [
  { path: "/one/echo", wire: restWire, tool: "echo" },
  { path: "/web/echo", wire: restWire, tool: "echo" },
  { path: "/mcp", wire: sessionWire, tool: "one_echo" },
  { path: "/mcp", wire: sessionWire, tool: "two_echo" },
  { path: "/mcp", wire: modernWire, tool: "two_echo" },
  { path: "/mcp", wire: modernWire, tool: "web_echo" },
] as const;

interface Count {
  answered: number;
  failed: number;
  misrouted: number;
  /** What the first call that failed was told. */
  complaint: string;
}

/** Calls of many clients, each known by its own text, while programs are killed: no answer may reach another. */
export async function callInChaos(size: {
  readonly calls: number;
  readonly clients: number;
}): Promise<SoakReport> {
  const echo = await startEcho();
  const keys = Array.from({ length: size.clients }, (_, index) => `key-of-client-${index}-abcdefgh`);
  const gateway = await startConfigured({
    mcpServers: { one: echoStdio(), two: echoStdio("--modern"), web: { type: "http", url: echo.url } },
    keys: Object.fromEntries(keys.map((key, index) => [`client${index}`, { key }])),
  });
  const count: Count = { answered: 0, failed: 0, misrouted: 0, complaint: "" };
  const over = new AbortController();
  let kills = 0;
  const done = (): number => count.answered + count.failed + count.misrouted;
  const chaos = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const before = done();
      await sleep(peaceMs);
      while (!over.signal.aborted && done() - before < peaceCalls) await sleep(pollMs);
      if (over.signal.aborted) return;
      const [pid] = (await childrenOf(gateway.pid)).toSorted(() => Math.random() - 0.5);
      if (pid === undefined || over.signal.aborted) continue;
      process.kill(pid, "SIGKILL");
      kills += 1;
    }
  };
  const killing = chaos();
  try {
    await callAll(gateway.url, { ...size, keys, count });
  } finally {
    over.abort();
    await killing;
  }
  const started = await childrenOf(gateway.pid);
  await gateway.close();
  await echo.close();
  const orphans = started.filter(isAlive);
  const { complaint, ...counted } = count;
  return {
    facts: { calls: size.calls, clients: size.clients, kills, ...counted },
    failures: [
      ...(count.misrouted > 0 ? [`${count.misrouted} answers reached another caller`] : []),
      ...(count.answered < size.calls * 0.9
        ? [`only ${count.answered} of ${size.calls} calls succeeded; the first was told ${complaint}`]
        : []),
      ...(orphans.length > 0 ? [`processes outlived the gateway: ${orphans.join(", ")}`] : []),
    ],
  };
}

interface Calling {
  readonly calls: number;
  readonly keys: readonly string[];
  readonly count: Count;
}

async function callAll(origin: string, { calls, keys, count }: Calling): Promise<void> {
  const url = new URL(origin);
  const requests = new Map<string, HttpRequest>();
  let next = 0;
  const requestOf = async (client: number): Promise<HttpRequest> => {
    const way = ways[client % ways.length] ?? ways[0];
    const known = requests.get(`${client}`);
    if (known !== undefined) return known;
    const request = await way.wire(new URL(way.path, url), way.tool, keys[client]);
    requests.set(`${client}`, request);
    return request;
  };
  const work = async (caller: HttpCaller): Promise<void> => {
    while (next < calls) {
      const call = (next += 1);
      const client = call % keys.length;
      // The number of the call names its client too: an answer to another call has another number.
      const id = String(1_000_000 + call);
      const { status, body } = await caller.call(await requestOf(client), id);
      const heard = /text-(\d{7})/.exec(body)?.[1];
      if (status === 200 && heard === id) count.answered += 1;
      else if (heard !== undefined && heard !== id) count.misrouted += 1;
      else {
        count.failed += 1;
        count.complaint ||= `HTTP ${status}: ${body.slice(0, 200)}`;
      }
    }
  };
  const callers = await Promise.all(Array.from({ length: connections }, () => openHttpCaller(url)));
  try {
    await Promise.all(callers.map(work));
  } finally {
    for (const caller of callers) caller.close();
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
