import { chmod } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, test, vi } from "vitest";
import { afterDashes, file, raw, run, runs } from "./_program.ts";

const dead = { type: "streamable-http", url: "http://127.0.0.1:9/mcp" };

test("[GTW-09] check says all that is wrong, each with its place", async () => {
  const wrong = await file(
    "c.json",
    '{\n"mcpServers": {\n"a": {"command": 1},\n"b": {"type": "x", "url": "http://h"}\n}\n}',
  );
  const { code, err } = await run(["check", "--config", wrong]);
  expect(code).toBe(2);
  expect(err).toMatch(/c\.json:4:15: mcpServers\.b\.type: write stdio, sse or streamable-http\./);
  expect(err).toMatch(/error: .*c\.json:3:18: mcpServers\.a\.command: write a text\.$/);
  const right = await file("d.json", { mcpServers: { a: raw, b: { ...dead, enabled: false } } });
  expect(await run(["check", "-c", right])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/d\.json: 2 servers, 1 enabled: nothing is wrong\.$/),
  });
  expect((await run(["check"])).err).toContain("mcpo check --config FILE");
  const json = JSON.parse((await run(["check", "-c", wrong, "--json"])).err.split("\n").at(-1) ?? "");
  expect(json.error.details.problems).toHaveLength(2);
});

test("[GTW-09] list shows every server, and ends with 4 when one is away", async () => {
  const config = await file("c.json", {
    mcpServers: { up: raw, down: dead, off: { command: "x", enabled: false } },
  });
  const whole = await run(["list", "-c", config]);
  expect(whole.code).toBe(4);
  expect(whole.out).toMatch(/up\s+ready\s+die, echo/);
  expect(whole.out).toMatch(/down\s+unreachable\s+Cannot reach 127\.0\.0\.1:9/);
  expect(whole.out).toMatch(/off\s+disabled/);
  const one = await run(["list", "up", "-c", config, "--json"]);
  expect(one.code).toBe(0);
  expect(JSON.parse(one.out).servers).toMatchObject([{ name: "up", state: "ready", tools: 10 }]);
  expect(await run(["list", "nobody", "-c", config])).toMatchObject({
    code: 1,
    err: expect.stringContaining("there are up, down, off"),
  });
});

test("[GTW-09] call prints what a tool answers", async () => {
  const config = await file("c.json", { mcpServers: { up: raw, down: dead } });
  expect(await run(["call", "up.echo", '{"text": "hi"}', "-c", config])).toMatchObject({
    code: 0,
    out: "hi",
  });
  const whole = await run(["call", "up.echo", '{"text": "hi"}', "-c", config, "--json"]);
  expect(JSON.parse(whole.out)).toEqual({ content: [{ type: "text", text: "hi" }] });
  expect(await run(["call", "echo", '{"text": "hi"}', ...afterDashes])).toMatchObject({ code: 0, out: "hi" });
  expect((await run(["call", "down.echo", "-c", config])).code).toBe(4);
  expect((await run(["call", "up.none", "-c", config])).code).toBe(2);
  expect((await run(["call", "none.echo", "-c", config])).err).toContain("there are up, down");
  expect((await run(["call", "up.echo", "[1]", "-c", config])).err).toContain("no JSON object");
});

test("help names every command", async () => {
  const { code, out } = await run(["--help"]);
  expect(code).toBe(0);
  for (const word of ["check", "list", "call", "--hot-reload", "-h, --host", "-v, --version"])
    expect(out).toContain(word);
});

test("[GTW-163] a mistyped command is told from a program to start", async () => {
  expect(await run(["wram", "--config", "c.json"])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/no command wram, and no program of that name on PATH; did you mean warm\?/),
  });
  const program = await file("wram", `#!${process.execPath}\nprocess.exit(3);\n`);
  await chmod(program, 0o755);
  const started = runs(["wram", "--port", "0"], { PATH: dirname(program) });
  await vi.waitFor(() => expect(started.err()).toContain("wram"), { timeout: 10_000 });
  expect(started.err()).not.toContain("did you mean");
  // After the dashes it is a program, whatever its name.
  const dashed = runs(["--port", "0", "--", "wram"]);
  await vi.waitFor(() => expect(dashed.err()).toMatch(/wram/), { timeout: 10_000 });
  expect(dashed.err()).not.toContain("did you mean");
});
