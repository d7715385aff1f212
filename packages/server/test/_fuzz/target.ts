import { createServer, staticToken } from "@parley/server";
import type { ParleyServer } from "@parley/server";
import { createMetrics } from "@parley/server/metrics";
import { initialize } from "./recorded.ts";
import { fullRegistry } from "./registry.ts";

/** A listening server with everything switched on. */
export interface Target {
  readonly port: number;
  readonly server: ParleyServer;
  /** Id of a session of a 2025-era client that is open now. */
  session(): Promise<string>;
  /** What is wrong with the server after what it went through; empty when it serves as before. */
  troubles(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const token = "a-token-of-the-fuzz-test";
const maxSessions = 50;

/** `guarded` asks for a token, which the generated requests do not have. */
export async function openTarget({ guarded }: { readonly guarded: boolean }): Promise<Target> {
  const unhandled: string[] = [];
  const note = (reason: unknown): void =>
    void unhandled.push(reason instanceof Error ? (reason.stack ?? reason.message) : String(reason));
  process.on("unhandledRejection", note);
  process.on("uncaughtExceptionMonitor", note);
  const server = createServer({
    name: "fuzzed",
    version: "0.0.0",
    registry: fullRegistry(),
    sse: true,
    metrics: createMetrics(),
    maxSessions,
    closeGraceMs: 200,
    requestTimeoutMs: 5000,
    corsOrigins: ["https://app.example"],
    failureLimit: false,
    ...(guarded ? { authenticator: staticToken(token) } : {}),
  });
  const { port, url } = await server.listen();
  const headers = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...(guarded ? { authorization: `Bearer ${token}` } : {}),
  };
  const post = (body: object): Promise<Response> =>
    fetch(`${url}/mcp`, { method: "POST", headers, body: JSON.stringify(body) });
  const held = { id: "" };

  const session = async (): Promise<string> => {
    const probe = { jsonrpc: "2.0", id: 1, method: "ping" };
    const known = await fetch(`${url}/mcp`, {
      method: "POST",
      headers: { ...headers, "mcp-session-id": held.id || "none" },
      body: JSON.stringify(probe),
    });
    await known.text();
    if (known.ok) return held.id;
    const opened = await post(initialize);
    await opened.text();
    held.id = opened.headers.get("mcp-session-id") ?? "";
    return held.id;
  };

  return {
    port,
    server,
    session,
    async troubles() {
      const call = { name: "echo", arguments: { message: "still here" } };
      const answer = await post({ jsonrpc: "2.0", id: 1, method: "tools/call", params: call });
      const body = await answer.text();
      const health = await fetch(`${url}/health`, { headers });
      await health.text();
      const { sessions, sse, runningCalls } = server.activity();
      return [
        ...(answer.ok && body.includes("still here") ? [] : [`a proper call got ${answer.status}: ${body}`]),
        ...(health.ok ? [] : [`/health got ${health.status}`]),
        ...(runningCalls === 0 ? [] : [`${runningCalls} calls are running`]),
        ...(sessions.open <= maxSessions ? [] : [`${sessions.open} sessions are open`]),
        ...(sse.open === 0 ? [] : [`${sse.open} streams are open that no client holds`]),
        ...("polluted" in {} ? ["Object.prototype was changed"] : []),
        ...unhandled.splice(0).map((reason) => `unhandled: ${reason}`),
      ];
    },
    async close() {
      await server.close();
      process.off("unhandledRejection", note);
      process.off("uncaughtExceptionMonitor", note);
    },
  };
}
