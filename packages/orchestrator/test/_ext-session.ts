import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import {
  createApplicationInputHandler,
  createTaskSessionFromClient,
  type TaskEnabledSession,
} from "@modelcontextprotocol/ext-tasks/client";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { callRaw, declaring } from "./_raw.ts";

const Outgoing = z.looseObject({ method: z.string(), params: z.record(z.string(), z.unknown()) });

const never = (): never => {
  throw new Error("nobody should ask for this");
};

/** A session of the extension's own client; it answers every question with yes. */
export async function extSession(url: string): Promise<TaskEnabledSession> {
  const clientInfo = { name: "ext-tasks", version: "1" };
  const client = new Client(clientInfo, { versionNegotiation: { mode: "auto" }, capabilities: declaring });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const session = createTaskSessionFromClient(client, {
    endpointId: "test",
    v2RequestFraming: { protocolVersion: "2026-07-28", clientInfo, clientCapabilities: declaring },
    rawDispatch: async (request) => {
      const { method, params } = Outgoing.parse(request);
      const { result, error } = await callRaw(url, method, params);
      if (error !== undefined) return { kind: "error", error: { code: error.code, message: error.message } };
      return { kind: "result", result: z.json().parse(result) };
    },
    onInputRequest: createApplicationInputHandler({
      elicitation: () => ({ action: "accept", content: { confirm: true } }),
      sampling: never,
      roots: never,
    }),
  });
  onTestFinished(async () => {
    await session.close();
    await client.close();
  });
  return session;
}
