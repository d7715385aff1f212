import { chmod, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test, vi } from "vitest";
import { afterDashes, file, post, raw, run, runs } from "./_program.ts";

const until = (look: () => unknown): Promise<unknown> => vi.waitFor(look, { timeout: 60_000, interval: 20 });
const dead = { type: "streamable-http", url: "http://127.0.0.1:9/mcp" };

interface Line {
  readonly level: string;
  readonly time: string;
  readonly server?: string;
  readonly msg: string;
  readonly [key: string]: unknown;
}

const linesOf = (err: string): readonly Line[] => err.split("\n").map((line) => JSON.parse(line) as Line); // each has to be JSON

test(
  "[GTW-97] the log is JSON labelled by server, with the children's lines and no secret",
  { timeout: 120_000 },
  async () => {
    const noisy = { ...raw, args: [...raw.args, "noisy"], env: { API_TOKEN: "env-secret-value" } };
    const config = await file("c.json", { mcpServers: { noisy, dead } });
    await chmod(config, 0o600);
    const running = runs(["-c", config, "-p", "0", "--log-format", "json"], { LOG_LEVEL: "debug" });
    const url = await running.url;
    await until(() => expect(running.err()).toContain('"stream":"stderr"'));
    await post(`${url}/noisy/echo`, { text: "hi" });
    await post(`${url}/noisy/hang`, {}, { prefer: "wait=1" });
    await until(() => expect(running.err()).toContain('"outcome":"timeout"'));
    running.stop();
    const { err } = await running.ended;
    const lines = linesOf(err);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          level: "info",
          server: "noisy",
          stream: "stderr",
          msg: "up with [redacted]",
        }),
        expect.objectContaining({ level: "warn", server: "dead", state: "unreachable" }),
        expect.objectContaining({ level: "debug", server: "noisy", tool: "echo", outcome: "ok" }),
        expect.objectContaining({ level: "warn", server: "noisy", tool: "hang", code: "E_MCP_TIMEOUT" }),
      ]),
    );
    expect(lines.every(({ time }) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time))).toBe(true);
    expect(err).not.toContain("env-secret-value");
  },
);

test("[GTW-97] a level leaves out what is less", { timeout: 120_000 }, async () => {
  const config = await file("c.json", { mcpServers: { dead } });
  const flags = ["-c", config, "-p", "0", "--log-format", "json", "--log-level", "warning"];
  const running = runs(flags);
  await until(() => expect(running.err()).toContain("unreachable"));
  running.stop();
  const levels = new Set(linesOf((await running.ended).err).map(({ level }) => level));
  expect([...levels]).toEqual(["warn"]);
  expect((await run(["-c", config, "--log-format", "xml"])).err).toContain("one of text, json");
});

test("[GTW-90] the page is at / unless it is not wanted", { timeout: 120_000 }, async () => {
  const [withPage, without] = [
    runs(["-p", "0", ...afterDashes]),
    runs(["-p", "0", "--no-page", ...afterDashes]),
  ];
  const page = await fetch(await withPage.url);
  expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect((await fetch(await without.url)).status).toBe(404);
});

test(
  "[GTW-100] check gives hints with their places, and with --connect tries the servers",
  { timeout: 120_000 },
  async () => {
    const config = await file(
      "c.json",
      `{
  "mcpServers": {
    "up": {"command": ${JSON.stringify(raw.command)}, "args": ${JSON.stringify(raw.args)}, "comand": "x"},
    "twin": {"command": ${JSON.stringify(raw.command)}, "args": ${JSON.stringify(raw.args)}},
    "none": {"command": "no-such-program-here", "cwd": "/no/such/folder"},
    "far": {"url": "http://mcp.example/mcp", "headers": {"Authorization": "Bearer written-down"}, "enabled": true}
  },
  "keys": {"k": {"key": "written-key", "servers": ["up", "gone"], "tools": ["up.*", "gone.*"]}}
}`,
    );
    await chmod(config, 0o644);
    const { code, out, err } = await run(["check", "-c", config]);
    expect([code, out]).toEqual([0, `${config}: 4 servers, 4 enabled: nothing is wrong.`]);
    for (const said of [
      `:3:${'    "up": {'.length + `"command": ${JSON.stringify(raw.command)}, "args": ${JSON.stringify(raw.args)}, `.length + 1}: "comand" means nothing here and is passed over; did you mean "command"?`,
      ":4:5: hint: it is the same server as up.",
      ':5:25: hint: there is no program "no-such-program-here" on this machine.',
      ":5:56: hint: there is no such folder.",
      ":6:20: hint: its headers travel unencrypted; use https where they are secret.",
      ':8:58: hint: "gone" fits no server here.',
      ':8:85: hint: "gone.*" fits no server here.',
      ":1:1: hint: it holds secrets and others may read it: chmod 600, or write ${NAME} or ${file:PATH}.",
    ])
      expect(err).toContain(`${config}${said}`);
    const json = JSON.parse((await run(["check", "-c", config, "--json"])).out) as { hints: unknown[] };
    expect(json.hints).toContainEqual({ line: 5, column: 56, message: "there is no such folder" });

    const tried = await file("d.json", { mcpServers: { up: raw, dead } });
    const connected = await run(["check", "-c", tried, "--connect"]);
    expect(connected.code).toBe(4);
    expect(connected.out).toMatch(/up\s+ready[\s\S]*dead\s+unreachable/);
    const found = JSON.parse((await run(["check", "-c", tried, "--connect", "--json"])).out) as {
      tried: unknown[];
    };
    expect(found.tried).toMatchObject([
      { name: "up", state: "ready" },
      { name: "dead", state: "unreachable" },
    ]);
  },
);

test("[GTW-100] an address with a password is refused with its place", async () => {
  const config = await file("c.json", '{"mcpServers": {"a": {"url": "https://me:hidden@h/mcp"}}}');
  const { code, err } = await run(["check", "-c", config]);
  expect(code).toBe(2);
  expect(err).toMatch(/c\.json:1:30: mcpServers\.a\.url: take the user and password out/);
  expect(err).not.toContain("hidden");
});

test(
  "[GTW-101] call takes arguments as they are typed, tells progress, and ends with the codes of all commands",
  { timeout: 120_000 },
  async () => {
    const config = await file("c.json", { mcpServers: { up: { ...raw, timeout: 0.3 }, other: dead } });
    const echoed = async (...words: string[]) => (await run(["call", "up.echo", ...words, "-c", config])).out;
    expect(await echoed("text=a = b")).toBe("a = b");
    expect(await echoed("text=5")).toBe("5");
    expect(await echoed('text:={"a": 1}')).toBe("[object Object]");
    const slow = await run(["call", "up.slow", "steps=2", "everyMs=20", "-c", config]);
    expect([slow.code, slow.out, slow.err]).toEqual([0, "done", "1 of 2"]);
    const codes = async (...words: string[]) => (await run(["call", ...words, "-c", config])).code;
    expect(await codes("up.hang")).toBe(5);
    expect(await codes("other.x")).toBe(4);
    expect(await codes("up.none")).toBe(2);
    expect(await codes("up.echo", "text")).toBe(2);
    expect(await codes("up.echo", "text:={")).toBe(2);
    const short = await run(["call", "up", "-c", config]);
    expect(short.err).toContain("up names a server alone: write up.TOOL; see mcpo list up --tools.");
    const tools = await run(["list", "up", "--tools", "-c", config]);
    expect(tools.out).toMatch(/up\.echo\s+text\s+echo/);
  },
);

test(
  "[GTW-102 GTW-103] record writes a session that replay serves without its servers",
  { timeout: 120_000 },
  async () => {
    const config = await file("c.json", {
      mcpServers: { raw: { ...raw, env: { API_TOKEN: "env-secret-value" } } },
    });
    const out = join(dirname(config), "session.jsonl");
    const recording = runs(["record", "-c", config, "-p", "0", "--out", out], {
      MCPO_API_KEY: "gateway-key",
    });
    const url = (await recording.url).replace("0.0.0.0", "127.0.0.1");
    const bearer = { authorization: "Bearer gateway-key" };
    const pid = (await post(`${url}/raw/pid`, {}, bearer)).text;
    await post(`${url}/raw/env`, { name: "API_TOKEN" }, bearer);
    expect(recording.err()).toContain(`Recording to ${out}.`);
    recording.stop();
    expect((await recording.ended).code).toBe(0);
    const text = await readFile(out, "utf8");
    expect(text).not.toMatch(/env-secret-value|gateway-key/);
    expect((await run(["record", "-c", config, "--out", out])).err).toContain("pass --overwrite");

    const replaying = runs(["replay", out, "-p", "0"]);
    const again = await replaying.url;
    expect(replaying.err()).toMatch(/Replaying 2 calls of .* from .*session\.jsonl\./);
    expect((await post(`${again}/raw/pid`, {})).text).toBe(pid);
    expect((await post(`${again}/raw/echo`, { text: "new" })).status).toBe(404);
    expect((await run(["replay", join(dirname(out), "none.jsonl")])).err).toContain("there is no such file");
    expect((await run(["replay", config])).err).toMatch(/c\.json:1: a recording begins with a line such as/);
    expect(await run(["record", "-c", config])).toMatchObject({
      code: 2,
      err: expect.stringContaining("--out"),
    });
  },
);
