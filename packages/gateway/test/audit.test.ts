import { fork } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAudit, verifyAudit } from "@parley/gateway";
import type { AuditFile, AuditOptions, GatewayCallRecord } from "@parley/gateway";
import { createMcpClient } from "@parley/mcp-client";
import { describe, expect, onTestFinished, test } from "vitest";
import { entry, start, text, tool, upstream } from "./_gateway.ts";

async function folder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "parley-audit-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

const call = (name: string, args: unknown = {}): GatewayCallRecord => ({
  caller: "me",
  server: "math",
  kind: "tool",
  name,
  startedAt: 0,
  durationMs: 1.23456,
  outcome: "ok",
  args,
});

const linesOf = async (path: string): Promise<readonly Record<string, unknown>[]> =>
  (await readFile(path, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** A log with some calls in it, closed. */
async function written(calls: number, options: Partial<AuditOptions> = {}): Promise<string> {
  const path = options.path ?? join(await folder(), "audit.jsonl");
  const audit = await openAudit({ path, ...options });
  for (let index = 0; index < calls; index += 1) {
    audit.called(call(`t${index}`));
    if (options.rotateBytes !== undefined) await audit.flush();
  }
  await audit.close();
  return path;
}

/** A disk that can be full: it takes the first bytes of what is written then, as a real one does. */
function createFullDisk() {
  const state = { isFull: false, isStuck: false };
  const refuse = (): never => {
    throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  };
  return {
    jam: ({ isStuck = false } = {}) => Object.assign(state, { isFull: true, isStuck }),
    free: () => Object.assign(state, { isFull: false, isStuck: false }),
    open: async (path: string, flags: string, mode?: number): Promise<AuditFile> => {
      const file = await open(path, flags, mode);
      return {
        async appendFile(data) {
          if (!state.isFull) return await file.appendFile(data);
          await file.appendFile(Buffer.from(String(data)).subarray(0, 20));
          return refuse();
        },
        truncate: async (size) => await (state.isStuck ? refuse() : file.truncate(size)),
        close: () => file.close(),
        datasync: () => file.datasync(),
        read: file.read.bind(file),
        stat: file.stat.bind(file),
      };
    },
  };
}

describe("[GTW-75] an audit log chained by hashes", () => {
  test("holds calls over REST and MCP alike, with the key's name and no secret", async () => {
    const path = join(await folder(), "audit.jsonl");
    const audit = await openAudit({ path });
    const peer = await upstream();
    peer.registry.addTool(tool("add", text("3")));
    peer.registry.addTool(tool("fail", { ...text("no"), isError: true }));
    const keys = [{ name: "laptop", key: "k-laptop", servers: [], tools: [] }];
    const { post, url } = await start(
      { servers: [entry("math", { type: "http", url: peer.url })], keys },
      { safety: { sinks: [audit] }, observers: [audit.observer] },
    );
    const bearer = { authorization: "Bearer k-laptop" };
    await post("/math/add", { a: 1, password: "hunter2", note: "Bearer abcdefghijkl" }, bearer);
    await post("/math/fail", {}, bearer);
    await post("/math/add", {}, { authorization: "Bearer wrong" });
    for (const era of ["legacy", "modern"] as const) {
      const client = createMcpClient({ url: `${url}/mcp`, token: "k-laptop", era });
      await client.callTool("math_add", { a: 2 });
      await client.close();
    }
    await audit.close();
    const lines = await linesOf(path);
    const shown = lines.map(({ kind, caller, server, name, outcome, code }) => [
      kind,
      caller,
      server,
      name,
      outcome,
      code,
    ]);
    const none = undefined;
    expect(shown).toEqual([
      ["open", none, none, none, none, none],
      ["tool", "laptop", "math", "add", "ok", none],
      ["tool", "laptop", "math", "fail", "error", none],
      ["request", "anonymous", none, expect.stringContaining("POST"), "refused", "E_AUTH_REQUIRED"],
      ["tool", "laptop", "math", "add", "ok", none],
      ["tool", "laptop", "math", "add", "ok", none],
      ["close", none, none, none, none, none],
    ]);
    expect(lines[1]).toMatchObject({
      seq: 2,
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      durationMs: expect.any(Number),
      args: { a: 1, password: "[redacted]", note: "Bearer [redacted]" },
    });
    const raw = await readFile(path, "utf8");
    for (const secret of ["hunter2", "k-laptop", "abcdefghijkl", "wrong"]) expect(raw).not.toContain(secret);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await verifyAudit([path])).toMatchObject({ ok: true, lines: 7, head: audit.head });
  });

  test("no line can be changed, taken out, put in, moved or cut off at the front unseen", async () => {
    const path = await written(6);
    const whole = (await readFile(path, "utf8")).trimEnd().split("\n");
    const verdictOf = async (lines: readonly string[]) => {
      await writeFile(path, `${lines.join("\n")}\n`);
      return await verifyAudit([path]);
    };
    expect(await verdictOf(whole)).toMatchObject({ ok: true, lines: 8, first: 1 });
    const changed = whole.map((line, index) => (index === 3 ? line.replace('"me"', '"you"') : line));
    expect((await verdictOf(changed)).broken).toMatchObject({
      line: 4,
      why: expect.stringContaining("hash"),
    });
    expect((await verdictOf(whole.toSpliced(3, 1))).broken?.line).toBe(4);
    expect((await verdictOf(whole.toSpliced(3, 0, whole[3] ?? ""))).broken?.line).toBe(5);
    expect(
      (await verdictOf([...whole.slice(0, 2), whole[3] ?? "", whole[2] ?? "", ...whole.slice(4)])).broken
        ?.line,
    ).toBe(3);
    expect((await verdictOf(["{}", ...whole])).broken?.line).toBe(1);
    // What is missing at an end only a head that was kept elsewhere can tell.
    const { head } = await verdictOf(whole);
    await verdictOf(whole.slice(0, -2));
    expect(await verifyAudit([path], head)).toMatchObject({ ok: false, anchored: false });
    await verdictOf(whole);
    expect(await verifyAudit([path], head)).toMatchObject({ ok: true, anchored: true });
    expect(await verdictOf(whole.slice(3))).toMatchObject({
      ok: true,
      first: 4,
      after: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test("arguments can be kept as a digest, or not", async () => {
    const keep = async (args: "digest" | "none") => {
      const path = join(await folder(), "audit.jsonl");
      const audit = await openAudit({ path, args });
      audit.called(call("add", { b: 1, a: 2 }));
      await audit.close();
      return (await linesOf(path))[1];
    };
    expect(await keep("digest")).toMatchObject({
      // sha256 of {"a":2,"b":1}
      argsSha256: "d3626ac30a87e6f7a6428233b3c68299976865fa5508e4267c5415c76af7a772",
    });
    expect(Object.keys((await keep("none")) ?? {})).not.toContain("args");
  });

  test("a file has one writer", async () => {
    const path = join(await folder(), "audit.jsonl");
    const audit = await openAudit({ path });
    await expect(openAudit({ path })).rejects.toThrow(/another process writes it/);
    await audit.close();
    await (await openAudit({ path })).close();
  });
});

describe("[GTW-76] the audit log lasts", () => {
  test(
    "a process that is killed leaves a log that the next one repairs and goes on with",
    { timeout: 120_000 },
    async () => {
      const path = join(await folder(), "audit.jsonl");
      const child = fork(new URL("fixtures/audit-forever.ts", import.meta.url), [path], {
        execArgv: ["--conditions=@parley/source", "--import", "tsx"],
        stdio: "ignore",
      });
      await once(child, "message");
      child.kill("SIGKILL");
      await once(child, "exit");
      const before = await verifyAudit([path]);
      expect(before).toMatchObject({ ok: true });
      expect(before.lines).toBeGreaterThan(100);
      await appendFile(path, '{"seq":1,"torn');
      const audit = await openAudit({ path });
      audit.called(call("after"));
      await audit.close();
      const tail = (await linesOf(path)).slice(-4);
      expect(tail.map(({ kind }) => kind)).toEqual(["repair", "open", "tool", "close"]);
      expect(Number(tail[0]?.["droppedBytes"])).toBeGreaterThanOrEqual(14);
      expect(await verifyAudit([path])).toMatchObject({ ok: true });
    },
  );

  test("every cut of the last line is repaired, and none of what came before is lost", async () => {
    const path = await written(3);
    const whole = await readFile(path);
    const last = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (let size = last; size <= whole.length; size += 7) {
      await writeFile(path, whole.subarray(0, size));
      await written(1, { path });
      const verdict = await verifyAudit([path]);
      expect([size, verdict.ok, verdict.lines >= 7]).toEqual([size, true, true]);
    }
    await writeFile(path, whole.subarray(0, -1));
    await written(1, { path });
    expect((await linesOf(path)).map(({ kind }) => kind)).not.toContain("repair");
  });

  test("files that are full are moved away, and the chain goes on", async () => {
    const path = await written(12, { rotateBytes: 600 });
    await written(4, { path, rotateBytes: 600 });
    const directory = join(path, "..");
    const files = (await readdir(directory)).map((name) => join(directory, name));
    expect(files.length).toBeGreaterThan(4);
    expect(await verifyAudit(files.toReversed())).toMatchObject({ ok: true, first: 1, lines: 20 });
    expect((await verifyAudit(files.toSorted().toSpliced(2, 1))).ok).toBe(false);
    await rm(path);
    // As if the process had ended between moving a file and making the next.
    await written(1, { path });
    expect(await verifyAudit((await readdir(directory)).map((name) => join(directory, name)))).toMatchObject({
      ok: true,
    });
  });

  test("a disk that is full loses the last records alone, and the log says how many and where", async () => {
    const path = join(await folder(), "audit.jsonl");
    const disk = createFullDisk();
    const notices: string[] = [];
    const notice = (said: string): void => void notices.push(said);
    const audit = await openAudit({ path, maxWaiting: 4, open: disk.open, notice });
    audit.called(call("before"));
    await audit.flush();
    disk.jam();
    for (let index = 0; index < 10; index += 1) audit.called(call(`during${index}`));
    await audit.flush();
    audit.called(call("during10"));
    await audit.flush();
    disk.free();
    await audit.flush();
    audit.called(call("after"));
    await audit.close();
    expect((await linesOf(path)).map(({ kind, name, dropped }) => name ?? dropped ?? kind)).toEqual([
      "open",
      "before",
      "during0",
      "during1",
      "during2",
      "during3",
      7,
      "after",
      "close",
    ]);
    expect(await verifyAudit([path])).toMatchObject({
      ok: true,
      lines: 9,
      gaps: [{ seq: 7, dropped: 7, at: expect.stringMatching(/^\d{4}-.*Z$/) }],
    });
    expect(notices).toEqual([
      expect.stringContaining("records are not written (ENOSPC); calls go on"),
      expect.stringContaining("records are written again"),
    ]);
  });

  test("a disk that stays full is told at the end, and what is there stays whole", async () => {
    const path = join(await folder(), "audit.jsonl");
    const disk = createFullDisk();
    const notices: string[] = [];
    const notice = (said: string): void => void notices.push(said);
    const audit = await openAudit({ path, maxWaiting: 2, open: disk.open, notice });
    await audit.flush();
    disk.jam({ isStuck: true });
    for (let index = 0; index < 5; index += 1) audit.called(call(`lost${index}`));
    await audit.close();
    // Five calls and the line that would have said that the log was closed.
    expect(notices.at(-1)).toMatch(/: 6 records are lost\./);
    expect(await verifyAudit([path])).toMatchObject({ ok: true, lines: 1 });
    await written(1, { path });
    expect((await linesOf(path)).map(({ kind }) => kind)).toEqual([
      "open",
      "repair",
      "open",
      "tool",
      "close",
    ]);
    expect(await verifyAudit([path])).toMatchObject({ ok: true, gaps: [] });
  });

  test("a log that was changed at its end is not gone on with", async () => {
    const path = await written(2);
    await writeFile(path, (await readFile(path, "utf8")).replace(/"hash":"."?/, '"hash":"f'));
    const file = await open(path, "a");
    await file.writeFile('{"seq":5,"kind":"made up"}\n');
    await file.close();
    await expect(openAudit({ path })).rejects.toThrow(/its last line is none of the chain/);
  });
});

test("a call whose arguments nothing can hold is written down without them", async () => {
  const path = join(await folder(), "audit.jsonl");
  const audit = await openAudit({ path, args: "digest" });
  const args: Record<string, unknown> = {};
  args["self"] = args;
  audit.called(call("odd", args));
  audit.called(call("even", { a: 1 }));
  await audit.close();
  const calls = (await linesOf(path)).filter(({ kind }) => kind === "tool");
  expect(calls.map(({ name, argsSha256 }) => [name, typeof argsSha256])).toEqual([
    ["odd", "undefined"],
    ["even", "string"],
  ]);
});
