import { startOptions } from "@parley/mcpserver";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { file, run } from "./_program.ts";

const Shown = z.object({
  settings: z.record(
    z.string(),
    z.object({
      value: z.unknown().optional(),
      origin: z.enum(["flag", "environment", "file", "default"]),
      from: z.array(z.string()),
      problem: z.string().optional(),
    }),
  ),
  problems: z.array(z.string()),
});

async function printed(argv: readonly string[], env: Record<string, string> = {}) {
  const ended = await run(["start", "--print-config", "--json", ...argv], { env });
  expect([ended.code, ended.err]).toEqual([0, ""]);
  return Shown.parse(JSON.parse(ended.out));
}

describe("[CFG-04] --print-config", () => {
  test("shows every option with its value and the very flag, variable or line that gave it", async () => {
    const config = await file("c.yaml", "server:\n  host: 127.0.0.2\ntools: ['./a.ts#b']\n");
    const { settings, problems } = await printed(["--config", config, "--tool", "./c.ts#d", "--no-serial"], {
      PORT: "7777",
    });
    expect(problems).toEqual([]);
    expect(settings).toMatchObject({
      "--host": { value: "127.0.0.2", origin: "file", from: [`${config}:2`] },
      "--port": { value: 7777, origin: "environment", from: ["PORT"] },
      "--tool": { value: ["./a.ts#b", "./c.ts#d"], origin: "flag", from: [`${config}:3`, "--tool"] },
      "--serial": { value: false, origin: "flag", from: ["--no-serial"] },
      "--path": { value: "/mcp", origin: "default", from: [] },
      "--state-dir": { value: "/home/u/.local/state/parley/plain-7777", origin: "default" },
    });
    const shown = Object.values(startOptions).filter(
      (one) => one.hidden !== true && one.unavailable === undefined,
    );
    expect(Object.keys(settings)).toHaveLength(shown.length);
  });

  test("computed defaults are those that would be used", async () => {
    expect((await printed(["--hub"])).settings["--port"]).toMatchObject({ value: 8000, origin: "default" });
    expect((await printed([])).settings["--port"]).toMatchObject({ value: 8089, origin: "default" });
  });

  test("no secret leaves, wherever it was given", async () => {
    const config = await file(
      "c.yaml",
      "hub: {secret: s3cret1}\ndatabase: postgres://u:s3cret2@h/db\nworker: {join_secret: [s3cret3]}",
    );
    const env = { MCPSERVER_JOIN_SECRET: "s3cret4", MCPSERVER_TOKEN: "s3cret6" };
    for (const argv of [[], ["--hub-secret", "s3cret5"], ["--hub-secret", ""]]) {
      const args = ["start", "--print-config", "--config", config, ...argv];
      const text = [await run(args), await run([...args, "--json"]), await run(args, { env })];
      expect(JSON.stringify(text)).not.toMatch(/s3cret/);
      expect(text.map(({ code }) => code)).toEqual([0, 0, 0]);
    }
    const { settings } = await printed(["--config", config], env);
    expect(settings["--hub-secret"]).toMatchObject({ value: "***", origin: "file" });
    expect(settings["--token"]).toMatchObject({ value: "***", from: ["MCPSERVER_TOKEN"] });
    expect(settings["--database"]).toMatchObject({ value: "postgres://u:***@h/db" });
    expect(settings["--join-secret"]).toMatchObject({ value: "***", from: ["MCPSERVER_JOIN_SECRET"] });
  });

  test("a setting that cannot be used is reported among the others", async () => {
    const config = await file("c.yaml", "server:\n  prot: 1\n  port: many\n");
    const { settings, problems } = await printed(["--config", config, "--batch", "x"]);
    expect(settings["--port"]?.problem).toMatch(/c\.yaml:3:3: server\.port: "many" is not a whole number/);
    expect(settings["--batch"]).toMatchObject({ origin: "flag", from: ["--batch"] });
    expect(problems).toEqual([
      expect.stringMatching(/c\.yaml:2:3: unknown key "server\.prot"; did you mean "server\.port"\?/),
      expect.stringMatching(/server\.port/),
      expect.stringMatching(/^--batch/),
    ]);
    const { out, code } = await run(["start", "--print-config", "--config", "/nowhere/c.yaml"]);
    expect(code).toBe(0);
    expect(out).toMatch(/problem: --config \/nowhere\/c\.yaml: there is no such file/);
    expect((await printed(["--join", "http://h"])).problems).toEqual([expect.stringMatching(/hub's secret/)]);
  });

  test("what a file holds cannot steer the terminal", async () => {
    const config = await file("c.yaml", 'server: {path: "/\\e[2Jx"}');
    const { out } = await run(["start", "--print-config", "--config", config]);
    expect(out).toContain("[2Jx");
    expect(out).not.toContain("\u001B");
  });
});

describe("[CFG-08] config check", () => {
  test("lists everything at once, with lines", async () => {
    const path = await file(
      "c.yaml",
      [
        "server:",
        "  prot: 1",
        "  host: ${NOPE}",
        "hub:",
        "  batch: lots",
        "worker:",
        "  policy: {maxNods: 3, accounts: [1]}",
        "  prices: cheap",
        "port: 1",
        "tools: [{name: x}, ./a.ts#b]",
      ].join("\n"),
    );
    const { code, out, err } = await run(["config", "check", path]);
    expect([code, out]).toEqual([2, ""]);
    const places = err.split("\n").map((line) => /c\.yaml:(\d+:\d+): /.exec(line)?.[1]);
    expect(new Set(places)).toEqual(new Set(["10:9", "2:3", "3:9", "5:3", "7:12", "7:35", "8:3", "9:1"]));
    expect(places).toHaveLength(8);
    expect(err).toMatch(/unknown key "port"; did you mean "server\.port"\?/);
    expect(err).toMatch(/unknown key "worker\.policy\.maxNods"; did you mean "worker\.policy\.maxNodes"\?/);
    const asJson = await run(["config", "check", path, "--json"]);
    expect(asJson.code).toBe(2);
    expect(z.object({ problems: z.array(z.unknown()) }).parse(JSON.parse(asJson.out)).problems).toHaveLength(
      8,
    );
  });

  test("says what start would refuse as well, and that a good file is good", async () => {
    const open = await file("c.yaml", "server: {host: 0.0.0.0}");
    expect(await run(["config", "check", open])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no token is set/),
    });
    const good = await file("c.yaml", "$schema: ./x.json\nserver: {port: '${P:-0}'}");
    expect(await run(["config", "check", good])).toMatchObject({
      code: 0,
      err: "",
      out: `${good}: nothing is wrong.`,
    });
    expect(await run(["config", "check", "/nowhere"])).toMatchObject({ code: 2 });
  });
});
