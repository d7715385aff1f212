import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createStdioClient } from "@parley/mcp-client/stdio";
import type { StdioClientOptions } from "@parley/mcp-client/stdio";
import type { McpClient, McpNotification } from "@parley/mcp-client";
import { describe, expect, onTestFinished, test } from "vitest";
import { errorOf } from "./_servers.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));

function start(args: readonly string[], options: Partial<StdioClientOptions> = {}): McpClient {
  const client = createStdioClient({ command: process.execPath, args, timeoutMs: 15_000, ...options });
  onTestFinished(() => client.close());
  return client;
}

/** A file in which an odd server notes the processes it is made of. */
async function processLog(): Promise<{ path: string; pids(): Promise<number[]> }> {
  const folder = await mkdtemp(join(tmpdir(), "parley-stdio-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "pids");
  return {
    path,
    pids: async () => (await readFile(path, "utf8")).trim().split("\n").map(Number),
  };
}

/** Whether a process runs; one that only waits to be reaped does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** A killed process may need a moment to leave the table. */
async function leftovers(pids: readonly number[]): Promise<number[]> {
  for (let tries = 0; tries < 50 && pids.some(isAlive); tries += 1) await sleep(20);
  return pids.filter(isAlive);
}

const textOf = (result: Readonly<Record<string, unknown>>): unknown => result["content"];
const text = (said: string) => [{ type: "text", text: said }];

describe.each(["auto", "modern", "legacy"] as const)(
  "[MCL-01] a server of the v2 SDK over stdio, era %s",
  (era) => {
    test("lists, calls, asks and reports", async () => {
      const heard: number[] = [];
      const client = start([fixture("v2-server.mjs")], {
        era,
        handlers: { "elicitation/create": () => ({ action: "accept", content: { name: "Ada" } }) },
      });
      expect((await client.listTools()).map(({ name }) => name)).toContain("echo");
      expect(textOf(await client.callTool("echo", { text: "é" }))).toEqual(text("é"));
      expect(textOf(await client.callTool("ask"))).toEqual(text("polite Ada"));
      const onProgress = ({ progress }: { progress: number }): void => void heard.push(progress);
      expect(textOf(await client.callTool("slow", {}, { timeoutMs: 550, onProgress }))).toEqual(text("done"));
      expect(heard).toEqual([1, 2, 3, 4]);
      expect(await client.getPrompt("greet", { name: "Ada" })).toMatchObject({
        messages: [{ role: "user" }],
      });
      expect(await client.readResource("x://r")).toMatchObject({ contents: [{ text: "r" }] });
      expect(await client.ping()).toBeGreaterThan(0);
      expect(client.era).toBe(era === "auto" ? "modern" : era);
      expect(await client.discover()).toMatchObject({ serverInfo: { name: "v2" }, instructions: "Be kind." });
    });
  },
);

describe("[MCL-02] a server of the v1 SDK over stdio", () => {
  test("is found out on its one process, asks for input and roots, and tells of changes", async () => {
    const told: McpNotification[] = [];
    const client = start([fixture("v1-server.mjs")], {
      handlers: {
        "elicitation/create": ({ message }) => ({ action: "accept", content: { name: String(message) } }),
        "roots/list": () => ({ roots: [{ uri: "file:///tmp", name: "tmp" }] }),
      },
      onNotification: (notification) => void told.push(notification),
    });
    expect(textOf(await client.callTool("ask"))).toEqual(text("polite Who?"));
    expect(client.era).toBe("legacy");
    expect(client.server).toMatchObject({ serverInfo: { name: "v1" } });
    expect(textOf(await client.callTool("roots"))).toEqual(text('[{"uri":"file:///tmp","name":"tmp"}]'));
    await client.setLogLevel("info");
    await client.callTool("grow");
    await expect.poll(() => told.map(({ method }) => method)).toContain("notifications/tools/list_changed");
    expect(told).toContainEqual({
      method: "notifications/message",
      isGuess: true,
      params: { level: "warning", data: "grown" },
    });
    expect((await client.listTools()).map(({ name }) => name)).toContain("more");
  });

  test("hears of a call that ended, and brings what comes during a call to that call", async () => {
    const told: string[] = [];
    const client = start([fixture("v1-server.mjs")]);
    await client.setLogLevel("debug");
    // A call that cannot be sent is over: it must not count as one that runs beside.
    await expect(client.callTool("grow", { size: 1n })).rejects.toThrow(/BigInt/);
    await client.callTool("grow", {}, { onNotification: ({ method }) => void told.push(method) });
    expect(told).toContain("notifications/message");
    const handlers = { "elicitation/create": () => sleep(60_000, { action: "cancel" }, { ref: false }) };
    const asking = createStdioClient({
      command: process.execPath,
      args: [fixture("v1-server.mjs")],
      handlers,
    });
    onTestFinished(() => asking.close());
    await asking.listTools();
    const signal = AbortSignal.timeout(200);
    expect((await errorOf(asking.callTool("ask", {}, { signal }))).code).toBe("E_INTERRUPTED");
    expect(textOf(await asking.callTool("echo", { text: "still" }))).toEqual(text("still"));
  });
});

describe("[MCL-03] a legacy server that no client should stumble over", () => {
  test("that never answers what it does not know gets a handshake on the same process", async () => {
    const log = await processLog();
    const client = start([fixture("odd-server.mjs"), "silent", log.path], { probeTimeoutMs: 300 });
    expect(await client.listTools()).toHaveLength(1);
    expect(client.era).toBe("legacy");
    expect(await log.pids()).toHaveLength(1);
  });

  test("that ends at the question gets nothing but a handshake, then and later", async () => {
    const log = await processLog();
    const client = start([fixture("odd-server.mjs"), "intolerant", log.path]);
    expect(await client.listTools()).toHaveLength(1);
    const [, second] = await log.pids();
    expect(await log.pids()).toHaveLength(2);
    process.kill(second ?? 0, "SIGKILL");
    await expect.poll(async () => await client.listTools().catch(() => [])).toHaveLength(1);
    expect(await log.pids()).toHaveLength(3);
  });
});

describe("[MCL-04] a process", () => {
  test("ends with its client, and so does all it started, however stubborn", async () => {
    const log = await processLog();
    for (const oddity of ["stubborn", "family"]) {
      const client = start([fixture("odd-server.mjs"), oddity, log.path], { graceMs: 100 });
      await client.listTools();
      await Promise.all([client.close(), client.close()]);
    }
    const pids = await log.pids();
    expect(pids).toHaveLength(3);
    expect(await leftovers(pids)).toEqual([]);
  });

  test("does not outlive a program that leaves without closing", async () => {
    const log = await processLog();
    const args = ["--conditions=@parley/source", "--import", "tsx", fixture("leaving-host.mjs")];
    const host = spawn(process.execPath, [...args, fixture("odd-server.mjs"), log.path], {
      stdio: "inherit",
    });
    const [code] = (await once(host, "exit")) as [number];
    expect(code).toBe(0);
    const pids = await log.pids();
    expect(pids).toHaveLength(2);
    expect(await leftovers(pids)).toEqual([]);
  });

  test("that dies is started again by the next call; the running one says so", async () => {
    const reasons: string[] = [];
    const onDisconnect = ({ message }: Error): void => void reasons.push(message);
    const client = start([fixture("v2-server.mjs")], { onDisconnect });
    const first = textOf(await client.callTool("pid"));
    expect(await errorOf(client.callTool("crash"))).toMatchObject({
      code: "E_MCP_UNREACHABLE",
      retryable: true,
      message: expect.stringContaining("ended with status 7"),
    });
    expect(reasons).toHaveLength(1);
    const second = textOf(await client.callTool("pid"));
    expect(second).not.toEqual(first);
    const [{ text: pid }] = second as [{ text: string }];
    process.kill(Number(pid), "SIGKILL");
    await expect.poll(() => reasons).toHaveLength(2);
    expect(textOf(await client.callTool("echo", { text: "a" }))).toEqual(text("a"));
  });

  test("is heard on its standard error, in bounded lines", async () => {
    const lines: string[] = [];
    const client = start([fixture("v2-server.mjs")], { onStderr: (line) => void lines.push(line) });
    await client.callTool("complain");
    await expect.poll(() => lines).toEqual(["x".repeat(8192), "second line"]);
  });

  test("may write nonsense, but no message beyond the limit", async () => {
    const warnings: string[] = [];
    const onWarning = (message: string): void => void warnings.push(message);
    const client = start([fixture("v2-server.mjs")], { maxBytes: 50_000, onWarning });
    expect(textOf(await client.callTool("pollute"))).toEqual(text("said"));
    expect(warnings).toEqual([expect.stringContaining("not json")]);
    expect((await errorOf(client.callTool("huge"))).message).toContain("more than 50000 bytes");
    expect(textOf(await client.callTool("echo", { text: "again" }))).toEqual(text("again"));
  });

  test("that cannot be started is named, without its environment", async () => {
    const client = start([], { command: "no-such-program", env: { TOKEN: "secret-token" } });
    const error = await errorOf(client.listTools());
    expect(error).toMatchObject({
      code: "E_EXEC_NOT_FOUND",
      message: expect.stringContaining("no-such-program"),
    });
    expect(JSON.stringify(error)).not.toContain("secret-token");
    expect(() => createStdioClient({ command: "" })).toThrow("empty");
  });

  test("gets what it is given of the environment and nothing else", async () => {
    const script = "process.stdin.resume(); process.stderr.write(`${JSON.stringify(process.env)}\\n`)";
    const lines: string[] = [];
    const onStderr = (line: string): void => void lines.push(line);
    const client = start(["-e", script], { env: { GIVEN: "1" }, onStderr, timeoutMs: 3000 });
    client.listTools().catch(() => {});
    await expect.poll(() => lines, { timeout: 5000 }).toHaveLength(1);
    const seen = JSON.parse(lines[0] ?? "{}") as Record<string, string>;
    expect(seen).toMatchObject({ GIVEN: "1", PATH: process.env["PATH"] });
    const passed = new Set(["PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "GIVEN"]);
    expect(Object.keys(seen).filter((name) => !passed.has(name))).toEqual([]);
  });
});

/** A server that answers everything, and says in each answer what it has been sent so far. */
const noting = `
  const seen = [];
  let rest = "";
  process.stdin.setEncoding("utf8").on("data", (chunk) => {
    const lines = (rest + chunk).split("\\n");
    rest = lines.pop();
    for (const line of lines) {
      const { id, method, params } = JSON.parse(line);
      seen.push(params?.name ?? method);
      if (id === undefined) continue;
      const result = method === "initialize"
        ? { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: "n", version: "1" } }
        : { content: [{ type: "text", text: seen.join(" ") }] };
      process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result }) + "\\n");
    }
  }).on("end", () => process.stderr.write("seen " + seen.join(" ") + "\\n"));
`;

describe("[MCL-01] messages to a program", () => {
  test("arrive in the order they were sent, whether they come one by one or many at once", async () => {
    const client = start(["-e", noting], { era: "legacy" });
    const sent = ["initialize", "notifications/initialized"];
    const call = (name: string) => {
      sent.push(name);
      return client.callTool(name);
    };
    for (let index = 0; index < 12; index += 1) await call(`alone-${index}`);
    const together = Array.from({ length: 20 }, (_, index) => call(`together-${index}`));
    await Promise.all(together);
    for (let index = 0; index < 12; index += 1) await call(`again-${index}`);
    sent.push("notifications/odd");
    await client.notify("notifications/odd");
    const [last] = (await call("last"))["content"] as readonly { readonly text: string }[];
    expect(last?.text.split(" ")).toEqual(sent);
  });

  test("that were sent right before the end arrive", async () => {
    const said: string[] = [];
    const client = start(["-e", noting], { era: "legacy", onStderr: (line) => said.push(line) });
    await client.callTool("first");
    await client.notify("notifications/last");
    await client.close();
    expect(said).toEqual(["seen initialize notifications/initialized first notifications/last"]);
  });
});
