import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernHttp,
} from "@modelcontextprotocol/client";
import { StdioClientTransport as ModernStdio } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as OldHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { createDispatcher } from "@parley/mcp-client";
import { fetch as fetchWith } from "undici";
import { expect, onTestFinished } from "vitest";
import type { TestContext } from "vitest";
import { makePair, writePair } from "../harness/certificates.ts";
import { scratch } from "../harness/nodes.ts";
import { inspector, python, runClient } from "../harness/other-clients.ts";
import { fromSource, spawnServer } from "../harness/processes.ts";
import { verifies } from "../verifies.ts";

/** How a client reaches a server process: by address, or by the command it starts. */
interface Reached {
  readonly url?: string;
  readonly command: readonly [string, ...string[]];
  readonly caFile?: string;
  readonly ca?: string;
}

const command = [process.execPath, ...fromSource, "start", "--transport", "stdio"] as const;

const ways: Readonly<Record<"HTTP" | "stdio" | "TLS", () => Promise<Reached>>> = {
  async HTTP() {
    return { url: (await spawnServer(["--port", "0"])).url, command };
  },
  async stdio() {
    return { command };
  },
  async TLS() {
    const directory = await scratch();
    const ca = await makePair({ name: "Site CA", authority: true });
    const { keyFile, certFile } = await writePair(directory, await makePair({ ca }));
    const caFile = join(directory, "ca.pem");
    await writeFile(caFile, ca.cert);
    const tls = ["--ssl-keyfile", keyFile, "--ssl-certfile", certFile];
    const { url } = await spawnServer(["--port", "0", "--host", "localhost", ...tls]);
    return { url, command, caFile, ca: ca.cert };
  },
};

/** A fetch that trusts one more authority, as an application would configure it. */
function fetchTrusting(ca: string | undefined): typeof fetch | undefined {
  if (ca === undefined) return undefined;
  const dispatcher = createDispatcher(ca);
  onTestFinished(() => dispatcher.destroy());
  const trusting: unknown = (url: string | URL, init: object = {}) => fetchWith(url, { ...init, dispatcher });
  return trusting as typeof fetch; // undici's fetch is Node's own, under other names of types
}

async function useV1({ url, command: [program, ...args], ca }: Reached) {
  const client = new OldClient({ name: "v1", version: "1" });
  const trusting = fetchTrusting(ca);
  const http = url && new OldHttp(new URL(url), trusting && { fetch: trusting });
  await client.connect(http || new OldStdio({ command: program, args, stderr: "ignore" }));
  onTestFinished(() => client.close());
  return client;
}

async function useV2({ url, command: [program, ...args], ca }: Reached) {
  const client = new ModernClient({ name: "v2", version: "1" }, { versionNegotiation: { mode: "auto" } });
  const trusting = fetchTrusting(ca);
  const http = url && new ModernHttp(new URL(url), trusting && { fetch: trusting });
  await client.connect(http || new ModernStdio({ command: program, args, stderr: "ignore" }));
  onTestFinished(() => client.close());
  return client;
}

const hello = { name: "simple_echo", arguments: { message: "hello" } };
const namesOf = ({ tools }: { tools: readonly { name: string }[] }): string[] =>
  tools.map(({ name }) => name);

/** Tells why nothing was tried, in one line of the report. */
function need(found: string | undefined, what: string, context: TestContext): string {
  return found ?? context.skip(`${what} is not installed; node scripts/check.mjs --ci installs it.`);
}

for (const [way, reach] of Object.entries(ways)) {
  verifies(["HOST-01"], `the v1 SDK over ${way}`, async () => {
    const client = await useV1(await reach());
    expect(namesOf(await client.listTools())).toContain("simple_echo");
    expect(await client.callTool(hello)).toMatchObject({ content: [{ text: "hello" }] });
  });

  verifies(["HOST-01"], `the v2 SDK over ${way}`, async () => {
    const client = await useV2(await reach());
    expect(namesOf(await client.listTools())).toContain("simple_echo");
    expect(await client.callTool(hello)).toMatchObject({ content: [{ text: "hello" }] });
  });

  verifies(
    ["HOST-02"],
    `the Inspector over ${way}`,
    async (context) => {
      const program = need(inspector, "The Inspector", context);
      const { url, command: own, caFile } = await reach();
      const home = await scratch();
      const [first, ...args] = own;
      const server = url === undefined ? { command: first, args } : { type: "streamable-http", url };
      const config = join(home, "servers.json");
      await writeFile(config, JSON.stringify({ mcpServers: { it: server } }));
      const env = { HOME: home, ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }) };
      const ask = (...method: string[]) =>
        runClient(program, ["--cli", "--config", config, "--server", "it", "--method", ...method], env);
      const listed = await ask("tools/list");
      expect(listed).toMatchObject({
        tools: expect.arrayContaining([expect.objectContaining({ name: "simple_echo" })]),
      });
      const called = await ask("tools/call", "--tool-name", "simple_echo", "--tool-arg", "message=hello");
      expect(called).toMatchObject({ content: [{ text: "hello" }] });
    },
    120_000,
  );

  verifies(
    ["HOST-03"],
    `the Python client over ${way}`,
    async (context) => {
      const program = need(python, "Python with its mcp package", context);
      const { url, command: own, caFile } = await reach();
      const script = fileURLToPath(new URL("../harness/python-client.py", import.meta.url));
      const target = url === undefined ? own : [url];
      const env = { HOME: await scratch(), ...(caFile === undefined ? {} : { SSL_CERT_FILE: caFile }) };
      const answer = await runClient(program, [script, ...target], env);
      expect(answer).toMatchObject({ names: expect.arrayContaining(["simple_echo"]), text: "hello" });
    },
    120_000,
  );
}
