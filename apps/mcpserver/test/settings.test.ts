import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings } from "@parley/mcpserver";
import { describe, expect, onTestFinished, test } from "vitest";

const settings = (flags: Record<string, unknown> = {}, env: Record<string, string> = {}) =>
  readSettings({ flags, env: { HOME: "/home/u", ...env } });

async function file(name: string, text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "parley-settings-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

describe("[CLI-02] where a server listens", () => {
  test.each([
    [{}, "plain", 8089],
    [{ hub: true }, "hub", 8000],
    [{ dual: true }, "dual", 8000],
    [{ mock: true }, "worker", 8089],
    [{ localAllow: ["hostname"] }, "worker", 8089],
    [{ join: "http://h:8000", joinSecret: "s" }, "worker", 8089],
    [{ hub: true, port: "8089" }, "hub", 8089],
  ])("%j is a %s on port %i", async (flags, role, bindPort) => {
    expect(await settings(flags)).toMatchObject({ role, bindPort, bindHost: "127.0.0.1" });
  });

  test("a path is normalised, a state directory is the role's own", async () => {
    expect(await settings({ path: "mcp/v1/" })).toMatchObject({ path: "/mcp/v1" });
    expect((await settings({ hub: true })).stateDirectory).toBe("/home/u/.local/state/parley/hub-8000");
    const worker = await settings({ mock: true, workerId: "10" }, { XDG_STATE_HOME: "/x" });
    expect(worker.stateDirectory).toBe("/x/parley/worker-10");
  });
});

test("the BASE_URL that build tools set for pages is no address", async () => {
  expect((await settings({}, { BASE_URL: "/" })).baseUrl).toBeUndefined();
  const path = await file("c.yaml", "server:\n  base_url: https://a.example\n");
  expect((await settings({ config: path }, { BASE_URL: "/" })).baseUrl).toBe("https://a.example");
  expect((await settings({}, { BASE_URL: "https://b.example/" })).baseUrl).toBe("https://b.example");
  await expect(settings({}, { BASE_URL: "/sub" })).rejects.toThrow(/BASE_URL/);
});

describe("[CLI-03] who may be reached from the network", () => {
  test("PORT binds wide and needs a token", async () => {
    await expect(settings({}, { PORT: "80" })).rejects.toThrow(/0\.0\.0\.0.*MCPSERVER_TOKEN/);
    expect(await settings({}, { PORT: "80", MCPSERVER_TOKEN: "t" })).toMatchObject({
      bindHost: "0.0.0.0",
      bindPort: 80,
      bearerToken: "t",
    });
    expect(await settings({}, { PORT: "80", MCPSERVER_PORT: "81" })).toMatchObject({
      bindHost: "127.0.0.1",
      bindPort: 81,
    });
  });

  test.each(["127.0.0.1", "localhost", "::1", "127.8.8.8"])("%s needs none", async (host) => {
    expect(await settings({ host })).toMatchObject({ bindHost: host });
  });

  test.each(["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example.org", "localhost.example.org"])(
    "%s does",
    async (host) => {
      await expect(settings({ host })).rejects.toMatchObject({ code: "E_CONFIG_INVALID" });
      expect(await settings({ host, insecure: true })).toMatchObject({ bindHost: host });
      const joined = await settings({ host, join: "http://h", joinSecret: "s", mock: true });
      expect(joined).toMatchObject({ bindHost: host });
    },
  );

  test("a token comes from a file or a variable; an empty file is no token", async () => {
    expect((await settings({ tokenFile: await file("t", " s3cret \n") })).bearerToken).toBe("s3cret");
    expect((await settings({}, { MCPSERVER_TOKEN: "" })).bearerToken).toBeUndefined();
    await expect(settings({ tokenFile: await file("t", "\n") })).rejects.toThrow(/the file is empty/);
    await expect(settings({ tokenFile: "/nowhere" })).rejects.toThrow(/cannot be read \(ENOENT\)/);
    await expect(settings({ ca: await file("ca", "x") })).rejects.toThrow(/no PEM certificate/);
  });
});

describe("contradictions", () => {
  test.each([
    [{ join: "http://h" }, /--join-secret-file or set MCPSERVER_JOIN_SECRET/],
    [{ join: "http://h", joinSecret: "s", hub: true }, /cannot be combined/],
    [{ transport: "stdio", hub: true }, /--transport stdio serves tools only; a hub/],
    [{ transport: "stdio", mock: true }, /a worker needs/],
    [{ workerId: "a b" }, /--worker-id: "a b"/],
    [{ mock: "nosuch" }, /hpc, cloud, standalone/],
    [{ label: ["x"] }, /key=value/],
  ])("%j is one sentence", async (flags, message) => {
    await expect(settings(flags)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });

  test("streamable-http is http", async () => {
    expect((await settings({ transport: "streamable-http" })).transport).toBe("http");
  });
});

describe("[CLI-01] the file", () => {
  test("sets what flags and variables set, records of prices and policy too", async () => {
    const config = await file(
      "c.yaml",
      [
        "server: {port: 7777, host: 127.0.0.2}",
        "tools: [{path: './a.ts#x', name: y}, '@scope/p#z']",
        "hub:",
        "worker:",
        "  join: http://hub:8000",
        "  join_secret: potato",
        "  id: lassen",
        "  labels: {gpu: v100}",
        "  policy: {accounts: [climate]}",
      ].join("\n"),
    );
    expect(await settings({ config, label: ["site=llnl"], tool: ["./b.ts#b"] })).toMatchObject({
      role: "worker",
      bindPort: 7777,
      bindHost: "127.0.0.2",
      siteId: "lassen",
      tool: [
        { spec: "./a.ts#x", name: "y", inFile: true, where: "tools[0]" },
        { spec: "@scope/p#z", inFile: true, where: "tools[1]" },
        { spec: "./b.ts#b", inFile: false, where: "--tool" },
      ],
      label: { gpu: "v100", site: "llnl" },
      policy: { accounts: ["climate"] },
    });
    expect(await settings({ config }, { MCPSERVER_PORT: "1" })).toMatchObject({ bindPort: 1 });
    expect(await settings({ config, port: "2" }, { MCPSERVER_PORT: "1" })).toMatchObject({ bindPort: 2 });
  });

  test("names the file and the key of what is wrong", async () => {
    const config = await file("c.yaml", "worker: {policy: {accounts: 4}}");
    await expect(settings({ config })).rejects.toThrow(/c\.yaml:1:19: worker\.policy\.accounts: /);
  });
});
