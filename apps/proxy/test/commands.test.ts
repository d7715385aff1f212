import { expect, test } from "vitest";
import { afterDashes, file, raw, run } from "./_program.ts";

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
