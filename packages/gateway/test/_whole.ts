import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createMcpClient } from "@parley/mcp-client";
import type { McpClient, McpEra, McpNotification } from "@parley/mcp-client";
import type { GatewayServer } from "@parley/gateway";
import { entry } from "./_gateway.ts";

export type WholeSdk = "v1" | "v2";

const program = (sdk: WholeSdk): string =>
  fileURLToPath(new URL(`fixtures/whole-${sdk}.mjs`, import.meta.url));

/** A server that has everything, as a child of the gateway. */
export const wholeOverStdio = (
  name: string,
  sdk: WholeSdk,
  more: Readonly<Record<string, unknown>> = {},
): GatewayServer => entry(name, { command: process.execPath, args: [program(sdk)], ...more });

/** The same over HTTP; `close` ends its process. */
export async function wholeOverHttp(name: string, sdk: WholeSdk) {
  const child = spawn(process.execPath, [program(sdk), "http"], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = await once(child.stdout, "data");
  return {
    server: entry(name, { type: "http", url: `http://127.0.0.1:${String(port).trim()}/mcp` }),
    close: async () => {
      child.kill();
      await once(child, "exit");
    },
  };
}

/** A client with a name, and everything it was told and asked. */
export interface Party {
  readonly who: string;
  readonly client: McpClient;
  /** Methods of what it was told outside of calls, and the texts of the questions it was asked. */
  readonly told: McpNotification[];
  readonly asked: string[];
}

export function party(who: string, url: string, era: McpEra): Party {
  const told: McpNotification[] = [];
  const asked: string[] = [];
  const client = createMcpClient({
    url: `${url}/mcp`,
    era,
    timeoutMs: 20_000,
    capabilities: { elicitation: { form: {}, url: {} }, roots: { listChanged: true } },
    onNotification: (notification) => told.push(notification),
    handlers: {
      "elicitation/create": ({ message, mode, url: page }) => {
        asked.push(String(message));
        if (mode === "url") return { action: page === `https://pay.example/${who}` ? "accept" : "decline" };
        return { action: "accept", content: { name: who } };
      },
      "sampling/createMessage": ({ messages }) => {
        asked.push(JSON.stringify(messages));
        return { role: "assistant", model: "m", content: { type: "text", text: who } };
      },
      "roots/list": () => {
        asked.push("roots");
        return { roots: [{ uri: `file:///${who}` }] };
      },
    },
  });
  return { who, client, told, asked };
}
