import { readFileSync } from "node:fs";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { createServer } from "node:https";
import { createDispatcher, createMcpClient } from "@parley/mcp-client";
import type { McpClientOptions } from "@parley/mcp-client";
import { afterEach, expect, it } from "vitest";
import { discovery, errorOf, reply } from "./_servers.ts";

const pem = (name: string): string => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8");
const cert = pem("self-signed.pem");

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({ close: () => new Promise((resolve) => void server.close(() => resolve())) });
  return (server.address() as AddressInfo).port;
}

function connect(url: string, options: Partial<McpClientOptions> = {}) {
  const client = createMcpClient({ url, era: "modern", ...options });
  open.push(client);
  return client;
}

const serveTls = async (): Promise<string> => {
  const server = createServer({ cert, key: pem("self-signed.key.pem") }, (_request, response) =>
    reply(response, 200, { jsonrpc: "2.0", id: 1, result: discovery }),
  );
  return `https://127.0.0.1:${await listen(server)}/mcp`;
};

it("says how to trust a self-signed certificate", async () => {
  const error = await errorOf(connect(await serveTls()).discover());
  expect(error.code).toBe("E_MCP_UNREACHABLE");
  expect(error.message).toContain(
    "self-signed or of an unknown authority: pass --ca FILE or set SSL_CERT_FILE",
  );
});

it("trusts what it is told to trust", async () => {
  expect(await connect(await serveTls(), { ca: cert }).discover()).toMatchObject({
    supportedVersions: ["2026-07-28"],
  });
});

it("says that a port speaks no TLS, or no HTTP", async () => {
  const port = await listen(
    createTcpServer((socket) =>
      socket
        .on("error", () => {})
        .end("SSH-2.0-OpenSSH\r\n")
        .unref()
        .destroySoon(),
    ),
  );
  expect((await errorOf(connect(`https://127.0.0.1:${port}/`).discover())).message).toContain(
    "does not speak TLS",
  );
  expect((await errorOf(connect(`http://127.0.0.1:${port}/`).discover())).message).toContain(
    "does not speak HTTP",
  );
});

it("[SRV-15] asks for the authorities anew before each connection", async () => {
  let ca: string | undefined;
  const dispatcher = createDispatcher(() => ca);
  open.push({ close: () => dispatcher.destroy() });
  const url = await serveTls();
  expect((await errorOf(connect(url, { dispatcher }).discover())).code).toBe("E_MCP_UNREACHABLE");
  ca = cert;
  expect(await connect(url, { dispatcher }).discover()).toMatchObject({ supportedVersions: ["2026-07-28"] });
});
