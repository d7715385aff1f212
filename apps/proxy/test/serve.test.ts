import { writeFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { afterDashes, file, post, raw, run, runs } from "./_program.ts";

const until = (look: () => unknown): Promise<unknown> => vi.waitFor(look, { timeout: 45_000, interval: 20 });

test("[GTW-02] -- COMMAND serves its tools at the top", async () => {
  const running = runs(["--port", "0", "-n", "Mine", "-d", "About it.", "-v", "7.1", ...afterDashes]);
  const url = await running.url;
  expect(await post(`${url}/echo`, { text: "hi" })).toEqual({ status: 200, text: '"hi"' });
  const document = await (await fetch(`${url}/openapi.json`)).json();
  expect(document).toMatchObject({
    info: { title: "Mine", description: "About it.", version: "7.1" },
    servers: [{ url: "/" }],
  });
  running.stop();
  expect((await running.ended).code).toBe(0);
});

test("[GTW-02] every flag and letter of mcpo is understood", async () => {
  const envFile = await file("env", "FROM_FILE=file\nBOTH=file\n");
  const config = await file("config.json", { mcpServers: { raw } });
  const flags = [
    [
      "-h",
      "127.0.0.1",
      "-p",
      "0",
      "--cors-allow-origins",
      "https://app.example",
      "-k",
      "key",
      "--strict-auth",
    ],
    ["-e", "FROM_FLAG=flag", "-e", "BOTH=flag", "--env-path", envFile, "--type", "stdio", "-c", config],
    ["-n", "N", "-d", "D", "-v", "1", "--root-path", "/r", "--path-prefix", "p", "--hot-reload"],
    ["-H", '{"X-A": "b"}', "--log-level", "INFO"],
  ];
  const running = runs(flags.flat());
  const url = await running.url;
  const bearer = { authorization: "Bearer key" };
  const variable = async (name: string) => (await post(`${url}/p/raw/env`, { name }, bearer)).text;
  expect([await variable("FROM_FILE"), await variable("FROM_FLAG"), await variable("BOTH")]).toEqual([
    '"file"',
    '"flag"',
    '"flag"',
  ]);
  expect(await variable("MCPO_API_KEY")).toBe('"unset"');
  expect((await fetch(`${url}/docs`)).status).toBe(401);
  const preflight = await fetch(`${url}/p/raw/echo`, {
    method: "OPTIONS",
    headers: {
      origin: "https://app.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-origin")).toBe("https://app.example");
  expect(running.err()).toContain("--api-key is visible to every user");
});

test("[GTW-06] it is for this machine alone unless a key is asked", async () => {
  const refused = await run(["--host", "0.0.0.0", "--port", "0", ...afterDashes]);
  expect([refused.code, refused.err]).toEqual([
    2,
    expect.stringContaining("set MCPO_API_KEY, or pass --insecure"),
  ]);
  const hosted = await run(afterDashes, { PORT: "0" });
  expect([hosted.code, hosted.err]).toEqual([2, expect.stringContaining("0.0.0.0")]);
  const open = runs(["--port", "0", ...afterDashes]);
  const page = await fetch(`${await open.url}/echo`, {
    method: "POST",
    headers: { origin: "https://evil.example" },
  });
  expect(page.status).toBe(403);
  const keyed = runs(["--port", "0", ...afterDashes], { MCPO_API_KEY: "k" });
  await keyed.url;
  expect(keyed.err()).toContain("on every address of this machine");
});

test("what is missing or wrong is told in one sentence, with code 2", async () => {
  const config = await file("config.json", '{\n  "mcpServers": {\n    "a": { "command": 1 }\n  }\n}');
  const cases: readonly [readonly string[], RegExp][] = [
    [[], /No server is named: write mcpo -- COMMAND/],
    [["--"], /No server is named/],
    [["--config", "/no/such.json"], /--config \/no\/such\.json: there is no such file\./],
    [["--config", config], /config\.json:3:23: mcpServers\.a\.command: write a text\./],
    [["--config", config, ...afterDashes], /keep one/],
    [["--type", "ws", ...afterDashes], /--type: "ws" is none of/],
    [["--type", "sse", "--", "not-an-address"], /write one http or https address/],
    [["--", "http://h/mcp"], /add --type streamable-http/],
    [["--header", "x", ...afterDashes], /--header: the value is not a JSON object of texts/],
    [["--env-path", "/no/env", ...afterDashes], /--env-path \/no\/env: there is no such file/],
    [["--strict-auth", ...afterDashes], /--strict-auth needs a key/],
    [["--ssl-keyfile", "/x", ...afterDashes], /--ssl-certfile is missing/],
    [["--path-prefix", "a b", ...afterDashes], /--path-prefix/],
    [["--hot-relod", ...afterDashes], /unknown option '--hot-relod'.*--hot-reload/],
  ];
  for (const [argv, expected] of cases) {
    const { code, err } = await run(argv);
    expect([argv, code, err]).toEqual([argv, 2, expect.stringMatching(expected)]);
    expect(err.split("\n")).toHaveLength(1);
  }
});

test("[GTW-05] --hot-reload takes up the file, and keeps the old one while the new is wrong", async () => {
  const config = await file("config.json", { mcpServers: { one: raw } });
  const running = runs(["--config", config, "--port", "0", "--hot-reload"]);
  const url = await running.url;
  await writeFile(config, '{"mcpServers": {"one": ');
  await until(() => expect(running.err()).toMatch(/The configuration in use stays: .*config\.json:1:24/));
  expect((await post(`${url}/one/echo`, { text: "x" })).status).toBe(200);
  await writeFile(config, JSON.stringify({ mcpServers: { one: raw, two: raw } }));
  await until(() => expect(running.err()).toContain("Reloaded: added two."));
  expect((await post(`${url}/two/echo`, { text: "x" })).status).toBe(200);
  await writeFile(config, JSON.stringify({ mcpServers: { two: raw } }));
  running.hangUp();
  await until(() => expect(running.err()).toContain("removed one"));
  expect((await post(`${url}/one/echo`, { text: "x" })).status).toBe(404);
});

test("[GTW-05] a reload that takes the last key away is refused", async () => {
  const keyed = { mcpServers: { one: raw }, keys: { a: { key: "k" } } };
  const config = await file("config.json", keyed);
  const running = runs(["--config", config, "--port", "0", "--host", "127.0.0.1"]);
  const url = await running.url;
  await writeFile(config, JSON.stringify({ mcpServers: { one: raw } }));
  running.hangUp();
  await until(() => expect(running.err()).toContain("no key is left"));
  expect((await post(`${url}/one/echo`, { text: "x" })).status).toBe(401);
});
