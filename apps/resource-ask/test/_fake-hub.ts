import { readFileSync } from "node:fs";
import { ParleyError } from "@parley/core";
import type { JsonObject, McpCallOptions, McpClient, McpClientOptions } from "@parley/mcp-client";

/** What a tool of the fake hub answers: a value, a whole result (`content`), or an exception. */
type Answer = (args: JsonObject, call: McpCallOptions) => unknown;

export interface FakeHub {
  readonly connect: (options: McpClientOptions) => McpClient;
  readonly calls: { readonly tool: string; readonly args: JsonObject }[];
  readonly connections: McpClientOptions[];
  closed: number;
}

const unused = (): never => {
  throw new Error("not part of this test");
};

/** A hub that is nothing but scripted tools behind the client's own seam. */
export function createFakeHub(tools: Readonly<Record<string, Answer>>): FakeHub {
  const hub: FakeHub = {
    calls: [],
    connections: [],
    closed: 0,
    connect(options) {
      hub.connections.push(options);
      return {
        era: "modern",
        server: undefined,
        listTools: unused,
        listPrompts: unused,
        listResources: unused,
        listResourceTemplates: unused,
        readResource: unused,
        subscribeResource: unused,
        unsubscribeResource: unused,
        getPrompt: unused,
        complete: unused,
        setLogLevel: unused,
        discover: unused,
        ping: unused,
        request: unused,
        notify: unused,
        async callTool(tool, args = {}, call = {}) {
          hub.calls.push({ tool, args });
          if (call.signal?.aborted) throw new ParleyError("E_INTERRUPTED", "Interrupted.");
          const answer = tools[tool];
          if (answer === undefined) throw new ParleyError("E_TOOL_UNKNOWN", `No tool "${tool}".`);
          const value = await answer(args, call);
          const whole = typeof value === "object" && value !== null && "content" in value;
          return whole ? { ...value } : { content: [], structuredContent: value };
        },
        async close() {
          hub.closed += 1;
        },
      };
    },
  };
  return hub;
}

/** An error as a hub reports it. */
export function failure(code: string, message: string): JsonObject {
  return {
    content: [{ type: "text", text: message }],
    isError: true,
    _meta: { "parley/error": { code, message, retryable: false } },
  };
}

export function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
}

/** A negotiation as a hub with two simulated sites answered it. */
export function recordedNegotiation(): Record<string, unknown> & {
  proposals: Record<string, Record<string, unknown>>;
} {
  return JSON.parse(fixture("negotiation.json"));
}

export function job(state: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    hub_job_id: "job_1",
    worker_id: "10",
    job_id: "4711",
    schema: "job/1",
    idempotencyKey: "neg_1/10",
    request: "run hostname",
    state,
    spec: { command: ["lmp", "-in", "in file.lj"] },
    manager: "slurm",
    createdAt: "2026-01-02T03:04:05.000Z",
    updatedAt: "2026-01-02T03:04:06.000Z",
    promised: {},
    actual: {},
    ended: state === "COMPLETED" || state === "FAILED",
    ...more,
  };
}

export function dispatched(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    worker_id: "10",
    hub_job_id: "job_1",
    repeated: false,
    receipt: { status: "SUCCESS", job_id: "4711", reasoning: "slurm confirms job 4711: QUEUED." },
    job: job("QUEUED"),
    ...more,
  };
}

export const selected = {
  worker_id: "10",
  status: "SELECTED",
  reasoning: "10 is READY and comes first by weighted: score 0.94.",
  ranked: [
    {
      workerId: "10",
      verdict: "READY",
      eligible: true,
      score: 0.94,
      reason: "score 0.94",
      contributions: [{ factor: "wait", reading: 8, score: 0.9, weight: 0.5, contribution: 0.45 }],
    },
    { workerId: "11", verdict: "INCOMPATIBLE", eligible: false, reason: "needs lammps: not found" },
  ],
  metadata: { algorithm: "weighted", tried: ["weighted"] },
};
