import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { createStdioClient } from "@parley/mcp-client/stdio";
import { WebSocket } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";
import { clientOf, connect, fromSource, run, scratch, serve, sqliteMissing } from "./_process.ts";

const missing = await sqliteMissing();

describe.skipIf(missing !== undefined)(`[ORC-30] parley-tasks ${missing ?? ""}`, () => {
  it(
    "serves over stdio to a desktop host, and keeps tasks between its starts",
    { timeout: 180_000 },
    async () => {
      const file = join(await scratch(), "deep", "tasks.db");
      const args = [...fromSource, "--tasks", file];
      const first = clientOf(createStdioClient({ command: process.execPath, args }));
      const { id } = await first.call("add_task", { description: "Write a haiku about MCP" });
      await first.call("get_next_task");
      // The connection remembers its lease: a host that speaks as the lab does sends no token.
      expect(await first.call("complete_task", { task_id: id, result: "Old pond" })).toMatchObject({
        status: "completed",
      });
      await first.client.close();
      const second = new OldClient({ name: "old", version: "1" });
      await second.connect(new StdioClientTransport({ command: process.execPath, args, stderr: "ignore" }));
      onTestFinished(() => second.close());
      const { contents } = await second.readResource({ uri: "task://completed" });
      expect(JSON.parse(contents[0] && "text" in contents[0] ? contents[0].text : "")).toMatchObject([
        { id, result: "Old pond" },
      ]);
      const { tools } = await second.listTools();
      const lab = ["add_task", "start_task", "complete_task", "fail_task", "retry_task", "get_next_task"];
      const more = [
        "clear_completed",
        "reset_all_tasks",
        "run_orchestrator",
        "add_tasks_batch",
        "complete_tasks_batch",
      ];
      expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining([...lab, ...more]));
    },
  );

  it(
    "runs allowed programs and tools of other servers over HTTP, and streams events",
    { timeout: 180_000 },
    async () => {
      const directory = await scratch();
      const servers = join(directory, "servers.json");
      const other = {
        command: process.execPath,
        args: [...fromSource, "--tasks", join(directory, "other.db")],
      };
      await writeFile(servers, JSON.stringify({ mcpServers: { other } }));
      const flags = [
        "--tasks",
        join(directory, "tasks.db"),
        "--servers",
        servers,
        "--allow",
        process.execPath,
      ];
      const { url, base } = await serve(flags);
      const client = connect(url);
      const argv = [process.execPath, "-e", "console.log(6 * 7)"];
      const made = await client.call("add_task", {
        description: "compute",
        execute: { type: "command", argv },
        verify: [{ type: "regex", pattern: "^42$" }],
      });
      const asked = await client.call("add_task", {
        description: "delegate",
        execute: { type: "tool", server: "other", tool: "add_task", arguments: { description: "from afar" } },
      });
      expect(await client.call("run_orchestrator")).toMatchObject({ processed: 2, completed: 2 });
      expect(await client.read(`task://${String(made["id"])}`)).toMatchObject({ result: "42" });
      expect(await client.read(`task://${String(asked["id"])}`)).toMatchObject({
        result: { status: "pending" },
      });
      const stream = await fetch(`${base}/events?after=0`);
      const chunk = await stream.body?.getReader().read();
      expect(new TextDecoder().decode(chunk?.value)).toContain(": tasks");
    },
  );

  it("keeps its events from strangers and from pages of other sites", { timeout: 180_000 }, async () => {
    const token = "a-token-of-some-length";
    const flags = ["--tasks", join(await scratch(), "tasks.db"), "--token", token];
    const { base } = await serve(flags);
    expect((await fetch(`${base}/events`)).status).toBe(401);
    const opens = (headers: Record<string, string>): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${base.replace("http", "ws")}/events/ws`, { headers });
        socket.addEventListener("open", () => {
          socket.close();
          resolve(true);
        });
        socket.addEventListener("error", () => resolve(false));
      });
    const authorization = `Bearer ${token}`;
    expect(await opens({})).toBe(false);
    expect(await opens({ authorization, origin: "https://evil.example" })).toBe(false);
    expect(await opens({ authorization })).toBe(true);
  });

  it("takes over the tasks of a JSON file once", { timeout: 180_000 }, async () => {
    const directory = await scratch();
    const file = join(directory, "mcp_tasks.json");
    const tasks = {
      "task-001": { id: "task-001", description: "done", status: "completed", result: "yes" },
      "task-002": { id: "task-002", description: "open", priority: 1, feedback: "mind the gap" },
      "task-003": { id: "task-003", description: "broken", status: "failed", attempts: 3 },
    };
    await writeFile(file, JSON.stringify({ tasks }));
    const store = ["--tasks", join(directory, "tasks.db")];
    const first = await run(["import", file, ...store]);
    expect(first).toMatchObject({
      code: 0,
      stdout: "3 tasks added, 0 known already, 1 of them completed.\n",
    });
    const second = await run(["import", file, "--json", ...store]);
    expect(JSON.parse(second.stdout)).toEqual({ added: 0, known: 3, completed: 1 });
    const client = connect((await serve(store)).url);
    expect(await client.read("task://stats")).toMatchObject({
      total: 3,
      pending: 1,
      completed: 1,
      failed: 1,
    });
    expect((await client.call("get_next_task")).task).toMatchObject({
      description: "open",
      feedback: ["mind the gap"],
    });
    expect(await client.read("task://completed")).toMatchObject([{ description: "done", result: "yes" }]);
  });

  it("says what is wrong with what it is given", { timeout: 180_000 }, async () => {
    const directory = await scratch();
    const odd = join(directory, "odd.json");
    await writeFile(odd, '{"mcpServers": {"a": {"command": ""}}}');
    const store = ["--tasks", join(directory, "tasks.db")];
    const [flag, file, servers, auto, tasks] = await Promise.all([
      run(["--alow", "make"]),
      run(["import", join(directory, "none.json"), ...store]),
      run(["--servers", odd, ...store]),
      run(["--auto", ...store]),
      run(["import", odd, ...store]),
    ]);
    expect(flag).toMatchObject({ code: 2, stderr: expect.stringContaining("unknown option '--alow'") });
    expect(file).toMatchObject({ code: 2, stderr: expect.stringContaining("none.json cannot be read") });
    expect(servers).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("mcpServers.a does not fit: write a command"),
    });
    expect(auto).toMatchObject({ code: 2, stderr: expect.stringContaining("give --model NAME too") });
    expect(tasks).toMatchObject({ code: 2, stderr: expect.stringContaining("holds no tasks") });
  });
});
