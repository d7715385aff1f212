import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings } from "@parley/mcpserver";
import type { Settings } from "@parley/mcpserver";
import { describe, expect, onTestFinished, test } from "vitest";

async function file(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "parley-precedence-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "c.yaml");
  await writeFile(path, text);
  return path;
}

/** One option: how each level gives it, and what comes of that. A level it has no form for is left out. */
interface Row {
  readonly name: string;
  readonly key: keyof Settings;
  readonly flag: readonly [Record<string, unknown>, unknown];
  readonly variable?: readonly [string, string, unknown];
  readonly alias?: readonly [string, string, unknown];
  readonly yaml: readonly [string, unknown];
  readonly initial: unknown;
  /** Flag and file together, where they add up. */
  readonly both?: unknown;
}

const rows: readonly Row[] = [
  {
    name: "model [LLM-22]",
    key: "llmModel",
    flag: [{ hub: true, hubSecret: "potato", llmModel: "d" }, "d"],
    variable: ["PARLEY_LLM_MODEL", "c", "c"],
    alias: ["RESOURCE_SECRETARY_MODEL", "b", "b"],
    yaml: ["llm: {model: a}", "a"],
    initial: undefined,
  },
  {
    name: "model backend [LLM-22]",
    key: "llmBackend",
    flag: [{ llmBackend: "anthropic" }, "anthropic"],
    variable: ["PARLEY_LLM_BACKEND", "gemini", "gemini"],
    alias: ["RESOURCE_SECRETARY_LLM", "anthropic", "anthropic"],
    yaml: ["llm: {backend: gemini}", "gemini"],
    initial: "openai",
  },
  {
    name: "model address [LLM-22]",
    key: "llmApiBase",
    flag: [{ llmApiBase: "http://d/v1" }, "http://d/v1"],
    variable: ["PARLEY_LLM_API_BASE", "http://c/v1", "http://c/v1"],
    alias: ["RESOURCE_SECRETARY_API_BASE", "http://b/v1", "http://b/v1"],
    yaml: ["llm: {api_base: http://a/v1}", "http://a/v1"],
    initial: undefined,
  },
  {
    name: "port",
    key: "bindPort",
    flag: [{ port: "4" }, 4],
    variable: ["MCPSERVER_PORT", "3", 3],
    alias: ["PORT", "2", 2],
    yaml: ["server: {port: 1}", 1],
    initial: 8089,
  },
  {
    name: "host",
    key: "bindHost",
    flag: [{ host: "127.0.0.4" }, "127.0.0.4"],
    variable: ["MCPSERVER_HOST", "127.0.0.3", "127.0.0.3"],
    yaml: ["server: {host: 127.0.0.2}", "127.0.0.2"],
    initial: "127.0.0.1",
  },
  {
    name: "path",
    key: "path",
    flag: [{ path: "/d" }, "/d"],
    variable: ["MCPSERVER_PATH", "c", "/c"],
    yaml: ["server: {path: /b/}", "/b"],
    initial: "/mcp",
  },
  {
    name: "transport",
    key: "transport",
    flag: [{ transport: "stdio" }, "stdio"],
    variable: ["MCPSERVER_TRANSPORT", "streamable-http", "http"],
    yaml: ["server: {transport: stdio}", "stdio"],
    initial: "http",
  },
  {
    name: "a number",
    key: "askTimeout",
    flag: [{ askTimeout: "4" }, 4],
    variable: ["MCPSERVER_ASK_TIMEOUT", "3", 3],
    yaml: ["hub: {ask_timeout: 2}", 2],
    initial: 10,
  },
  {
    name: "a switch",
    key: "serial",
    flag: [{ serial: false }, false],
    variable: ["MCPSERVER_SERIAL", "on", true],
    yaml: ["hub: {serial: true}", true],
    initial: false,
  },
  {
    name: "a list",
    key: "allowedHosts",
    flag: [{ allowedHosts: ["d", "e"] }, ["d", "e"]],
    variable: ["MCPSERVER_ALLOWED_HOSTS", "c, f", ["c", "f"]],
    yaml: ["server: {allowed_hosts: [b]}", ["b"]],
    initial: [],
    both: ["b", "d", "e"],
  },
  {
    name: "pairs",
    key: "label",
    flag: [{ label: ["k=d", "l=e"] }, { k: "d", l: "e" }],
    variable: ["MCPSERVER_LABELS", "k=c", { k: "c" }],
    yaml: ["worker: {labels: {k: b, m: f}}", { k: "b", m: "f" }],
    initial: {},
    both: { k: "d", l: "e", m: "f" },
  },
  {
    name: "a secret",
    key: "hubSecret",
    flag: [{ hubSecret: "d" }, "d"],
    variable: ["MCPSERVER_HUB_SECRET", "c", "c"],
    alias: ["MCP_HUB_SECRET", "a", "a"],
    yaml: ["hub: {secret: b}", "b"],
    initial: undefined,
  },
];

describe.each(rows)("[CFG-01] $name", ({ key, flag, variable, alias, yaml, initial, both }) => {
  const [flags, fromFlag] = flag;
  const [text, fromFile] = yaml;
  const variables = [variable, alias].filter((one) => one !== undefined);
  const env = (from: number): Record<string, string> => ({
    MCPSERVER_TOKEN: "t",
    ...Object.fromEntries(variables.map(([name, value], index) => [name, index < from ? "" : value])),
  });
  const read = async (given: Record<string, unknown>, environment: Record<string, string>) =>
    (await readSettings({ flags: given, env: { HOME: "/h", ...environment } }))[key];

  test("a flag outranks everything, and adds to the file where it is a list", async () => {
    expect(await read(flags, env(0))).toEqual(fromFlag);
    expect(await read({ ...flags, config: await file(text) }, env(0))).toEqual(both ?? fromFlag);
  });

  test.each(variables.map(([name, , value], index) => [name, index, value] as const))(
    "%s outranks the file and what is listed after it; an empty one before it counts as absent",
    async (_name, index, value) => {
      expect(await read({ config: await file(text) }, env(index))).toEqual(value);
    },
  );

  test("the file outranks the default, empty variables and all", async () => {
    expect(await read({ config: await file(text) }, env(variables.length))).toEqual(fromFile);
    expect(await read({ config: await file("") }, env(variables.length))).toEqual(initial);
    expect(await read({}, {})).toEqual(initial);
  });
});

test("[CFG-01] the file itself is named by flag or variable", async () => {
  const [one, other] = [await file("server: {port: 1}"), await file("server: {port: 2}")];
  const env = { HOME: "/h", MCPSERVER_CONFIG: other };
  expect(await readSettings({ flags: {}, env })).toMatchObject({ bindPort: 2 });
  expect(await readSettings({ flags: { config: one }, env })).toMatchObject({ bindPort: 1 });
});
