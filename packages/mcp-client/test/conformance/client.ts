/** The client under test of the official conformance suite: `client.ts URL`, the scenario in the environment. */

import { createMcpClient } from "@parley/mcp-client";
import type { McpAuth, McpClientOptions } from "@parley/mcp-client";
import { createClientCredentials, createOAuth } from "@parley/mcp-client/oauth";
import { z } from "zod";

const Context = z.looseObject({
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  private_key_pem: z.string().optional(),
  signing_algorithm: z.string().optional(),
  toolCalls: z
    .array(z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()).optional() }))
    .optional(),
});

const { MCP_CONFORMANCE_SCENARIO: scenario = "", MCP_CONFORMANCE_PROTOCOL_VERSION: revision = "" } =
  process.env;
const context = Context.parse(JSON.parse(process.env["MCP_CONFORMANCE_CONTEXT"] ?? "{}"));
const url = process.argv[2] ?? "";

/** A browser whose user grants everything at once: it goes where the authorization server sends it. */
async function browse(target: URL): Promise<void> {
  const response = await fetch(target, { redirect: "follow" });
  await response.text();
}

function authorization(): McpAuth | undefined {
  const {
    client_id: id,
    client_secret: secret,
    private_key_pem: privateKey,
    signing_algorithm: algorithm,
  } = context;
  if (!scenario.startsWith("auth/")) return undefined;
  if (scenario.startsWith("auth/client-credentials") && id !== undefined) {
    if (privateKey !== undefined)
      return createClientCredentials({
        url,
        clientId: id,
        credential: { privateKey, algorithm: algorithm ?? "ES256" },
      });
    return createClientCredentials({ url, clientId: id, credential: { secret: secret ?? "" } });
  }
  return createOAuth({
    url,
    onAuthorize: (target) => browse(target),
    clientMetadataUrl: "https://conformance-test.local/client-metadata.json",
    ...(id === undefined ? {} : { client: { id, secret } }),
  });
}

const options: McpClientOptions = {
  url,
  name: "parley-conformance",
  version: "1.0.0",
  era: revision === "2026-07-28" ? "auto" : "legacy",
  // On a busy machine a server that is slow is none that keeps silent.
  probeTimeoutMs: 60_000,
  auth: authorization(),
  handlers: {
    "elicitation/create": () => ({ action: "accept", content: {} }),
    "sampling/createMessage": () => ({
      role: "assistant",
      model: "none",
      content: { type: "text", text: "nothing" },
    }),
    "roots/list": () => ({ roots: [] }),
  },
  onNotification() {},
};

/** Arguments by which a tool's required properties are met. */
function argumentsFor(tool: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (tool["name"] === "add_numbers") return { a: 5, b: 3 };
  return {};
}

const client = createMcpClient(options);
try {
  const tools = await client.listTools();
  const calls =
    context.toolCalls ?? tools.map((tool) => ({ name: String(tool["name"]), arguments: argumentsFor(tool) }));
  for (const { name, arguments: args } of calls) await client.callTool(name, args);
} finally {
  await client.close();
}
