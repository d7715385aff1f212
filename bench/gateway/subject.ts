import { fileURLToPath } from "node:url";
import { z } from "zod";
import { openChild } from "../child.ts";
import { eventually, freePort, startProgram, treeCpuSeconds } from "./program.ts";
import { openHttpCaller } from "./http-caller.ts";
import type { HttpCaller } from "./http-caller.ts";
import { openStdioCaller } from "./stdio-caller.ts";
import type { Wire } from "./wires.ts";

/** One call after another over one connection. @throws where the answer is not the one to this call */
export type Call = () => Promise<void>;

/** Something that runs and can be called. */
export interface Subject {
  readonly name: string;
  /** A way to call of its own for one more client. */
  client(): Promise<Call>;
  /** CPU seconds of everything that serves it. */
  cpuSeconds(): Promise<number | undefined>;
  close(): Promise<void>;
}

const stdioEcho = fileURLToPath(new URL("echo-stdio.mjs", import.meta.url));
const bareProgram = fileURLToPath(new URL("bare.mjs", import.meta.url));
const httpEcho = fileURLToPath(new URL("echo-http.mjs", import.meta.url));

let lastId = 1_000_000;

interface HttpSubject {
  readonly name: string;
  readonly url: string;
  readonly wire: Wire;
  readonly tool?: string | undefined;
  readonly bearer?: string | undefined;
  /** What every answer holds, where it is not the text of the call. */
  readonly heard?: string | undefined;
  readonly pids: readonly number[];
  readonly close?: (() => Promise<void>) | undefined;
}

export async function httpSubject(options: HttpSubject): Promise<Subject> {
  const { name, wire, tool = "echo", bearer, heard, pids } = options;
  const url = new URL(options.url);
  const request = await wire(url, tool, bearer);
  const open: HttpCaller[] = [];
  return {
    name,
    async client() {
      const caller = await openHttpCaller(url);
      open.push(caller);
      return async () => {
        const id = String((lastId += 1));
        const { status, body } = await caller.call(request, id);
        if (status === 200 && body.includes(heard ?? id)) return;
        throw new Error(`${name}: HTTP ${status}: ${body.slice(0, 500)}`);
      };
    },
    cpuSeconds: async () => {
      const each = await Promise.all(pids.map(treeCpuSeconds));
      return each.reduce<number | undefined>(
        (sum, one) => (sum === undefined || one === undefined ? undefined : sum + one),
        0,
      );
    },
    async close() {
      for (const caller of open) caller.close();
      await options.close?.();
    },
  };
}

export function stdioSubject(name: string, flags: readonly string[] = []): Subject {
  const caller = openStdioCaller([stdioEcho, ...flags]);
  return {
    name,
    client: async () => async () => {
      const text = String((lastId += 1));
      const line = await caller.call("tools/call", { name: "echo", arguments: { text } });
      if (!line.includes(text)) throw new Error(`${name}: ${line.slice(0, 500)}`);
    },
    cpuSeconds: () => treeCpuSeconds(caller.pid),
    close: async () => caller.close(),
  };
}

/** The echo server over HTTP in a process of its own. */
export const startEcho = (flags: readonly string[] = []) => startSaying([httpEcho, ...flags]);

/** What no gateway on Node.js can do without: to a server over HTTP, or to one over stdio. */
export const startBare = (...words: readonly string[]) => startSaying([bareProgram, ...words]);

/** A program of ours that says its address. */
async function startSaying(words: readonly string[]) {
  const program = startProgram([process.execPath, ...words]);
  const url = await eventually(async () => {
    const found = /http:\S+/.exec(program.said())?.[0];
    if (found === undefined) throw new Error(`${words[0] ?? ""} did not start: ${program.said()}`);
    return found;
  });
  return { url, ...program };
}

/** A program that listens at a port it is given, once it answers. */
export async function startListening(
  words: (port: number) => readonly string[],
  subject: Omit<HttpSubject, "url" | "pids" | "close"> & { readonly path: string },
): Promise<Subject> {
  const port = await freePort();
  const program = startProgram(words(port));
  const options = { ...subject, url: `http://127.0.0.1:${port}${subject.path}`, pids: [program.pid] };
  try {
    return await eventually(async () => {
      const started = await httpSubject({ ...options, close: () => program.close() });
      const call = await started.client();
      await call();
      return started;
    });
  } catch (error) {
    const said = program.said().slice(-1000);
    await program.close();
    throw new Error(`${subject.name} did not start: ${said}`, { cause: error });
  }
}

const Started = z.object({
  url: z.string(),
  pid: z.number(),
  listeningMs: z.number(),
  readyMs: z.number(),
  ready: z.number(),
});

export const key = "a-key-of-the-benchmark";

/** Our gateway in a process of its own, with a key asked for, an audit log and metrics. */
export async function startGateway(mcpServers: Readonly<Record<string, unknown>>) {
  // A second key that sees less makes the policy do its work.
  const keys = { bench: { key }, other: { key: "another-key-of-it", servers: ["none"] } };
  return await startConfigured({ mcpServers, keys });
}

const Change = z.object({ changed: z.array(z.string()) });
const Memory = z.object({ rssMb: z.number(), heapMb: z.number() });

/** The same with a whole configuration, which can be changed. */
export async function startConfigured(config: Readonly<Record<string, unknown>>) {
  const child = await openChild(new URL("gateway-process.ts", import.meta.url));
  const started = await child.ask(Started, "start", { config });
  return {
    ...started,
    reload: (next: Readonly<Record<string, unknown>>) => child.ask(Change, "reload", { config: next }),
    memory: () => child.ask(Memory, "memory"),
    async close() {
      await child.ask(z.null(), "close");
      await child.close();
    },
  };
}

export const echoStdio = (...flags: readonly string[]) => ({
  command: process.execPath,
  args: [stdioEcho, ...flags],
});
