import { expect, test } from "vitest";
import { afterDashes, file, raw, run } from "./_program.ts";

const far = { type: "streamable-http", url: "http://127.0.0.1:9/mcp" };

test("[GTW-110] warm tells how each goes and ends with 0 when all answered", async () => {
  const config = await file("c.json", { mcpServers: { time: raw, far } });
  const { code, out, err } = await run(["warm", "--config", config]);
  expect([code, out]).toEqual([0, "1 started and answered, 0 failed, 1 need no start here."]);
  expect(err).toMatch(/^time: starting$/m);
  expect(err).toMatch(/^time: ready after \d+\.\d s with 10 tools$/m);
  expect((await run(["warm", ...afterDashes])).code).toBe(0);
});

test("[GTW-110] it ends with 4 when one fails, and says what to install", async () => {
  const config = await file("c.json", {
    mcpServers: {
      time: raw,
      mute: { ...raw, args: [...raw.args, "mute"], startTimeout: 0.5 },
      gone: { command: "uvx-of-nobody" },
    },
  });
  const { code, out, err } = await run(["warm", "-c", config, "--json"]);
  expect(code).toBe(4);
  expect(err).toMatch(/^gone: failed after \d+\.\d s: uvx-of-nobody is missing: install uvx-of-nobody/m);
  expect(JSON.parse(out)).toMatchObject({
    servers: [
      { name: "time", state: "ready", tools: 10 },
      { name: "mute", state: "failed", reason: expect.stringContaining("started and says nothing") },
      { name: "gone", state: "failed" },
    ],
  });
  expect((await run(["warm", "time", "-c", config])).code).toBe(0);
  const brief = [
    "warm",
    "brief",
    "-c",
    await file("d.json", { mcpServers: { brief: { ...raw, args: [...raw.args, "mute"] } } }),
  ];
  expect(await run([...brief, "--start-timeout", "1"])).toMatchObject({
    code: 4,
    err: expect.stringMatching(/within 1(?:\.\d)? s/),
  });
  expect((await run(["warm", "nobody", "-c", config])).err).toContain("there are time, mute, gone");
  expect((await run(["warm", "-c", "/nowhere.json"])).code).toBe(2);
});

test("[GTW-111] list shows a program that has not answered as installing", async () => {
  const config = await file("c.json", { mcpServers: { mute: { ...raw, args: [...raw.args, "mute"] } } });
  const { code, out } = await run(["list", "-c", config, "--wait", "1"]);
  expect(code).toBe(4);
  expect(out.replaceAll(/\s+/g, " ")).toMatch(/mute installing \S+node was started and has not answered yet/);
});
