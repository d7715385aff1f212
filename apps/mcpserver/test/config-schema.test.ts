import { readFile } from "node:fs/promises";
import { configSchema, readSettings, startOptions } from "@parley/mcpserver";
import { createRegistry, errorOf, toolContext } from "@parley/tool-registry";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { file, run } from "./_program.ts";

/** Whether a file fits the schema, by the validator that checks tool arguments. */
async function fits(text: string): Promise<boolean> {
  const registry = createRegistry();
  const inputSchema = { ...configSchema(), type: "object" };
  registry.addTool({ name: "check", inputSchema, call: () => Promise.resolve({ content: [] }) });
  const result = await registry.call("check", parse(text) ?? {}, toolContext());
  return errorOf(result) === undefined;
}

async function accepted(text: string): Promise<boolean> {
  const flags = { config: await file("c.yaml", text) };
  return readSettings({ flags, env: { HOME: "/h", SET: "1" } }).then(
    () => true,
    () => false,
  );
}

describe("[CFG-07] the schema", () => {
  test.each([
    "",
    "$schema: ./mcpserver.schema.json",
    "server:",
    "server: {port: 0, host: localhost, path: /x, transport: stdio}",
    "server: {transport: streamable-http, log_level: debug, allowed_hosts: [a, b]}",
    "server: {port: '${SET}', insecure: '${SET}'}",
    "server: {port:}",
    "tools: [./a.ts#b, {path: ./c.ts#d, name: e}]",
    "hub: {enabled: true, batch: 3, serial: false}",
    "worker: {mock: hpc, id: 10, labels: {gpu: a100, rank: 3}}",
    "worker: {mock: true, labels: [gpu=a100]}",
    "worker: {local: {allow: [hostname], cores: 2}, prices: {perNodeHour: 1.5}, policy: {accounts: [a]}}",
  ])("and the program take %j", async (text) => {
    expect([await fits(text), await accepted(text)]).toEqual([true, true]);
  });

  test.each([
    "sevrer: {}",
    "server: {prot: 1}",
    "server: 3",
    "server: {port: 70000}",
    "server: {port: many}",
    "server: {log_level: loud}",
    "server: {insecure: perhaps}",
    "hub: {batch: 0}",
    "worker: {mock: moon}",
    "worker: {prices: {perNodeHour: free}}",
    "worker: {policy: {maxNods: 1}}",
    "worker: {local: {cores: [1]}}",
  ])("and the program refuse %j", async (text) => {
    expect([await fits(text), await accepted(text)]).toEqual([false, false]);
  });

  test("names every key an option has, with what it means, and is the page in docs/reference", async () => {
    const { out } = await run(["config", "schema"]);
    const page = await readFile(
      new URL("../../../docs/reference/mcpserver.schema.json", import.meta.url),
      "utf8",
    );
    expect(JSON.parse(out)).toEqual(JSON.parse(page));
    for (const { file: key, description } of Object.values(startOptions)) {
      if (key === undefined) continue;
      const found = key.split(".").reduce<unknown>((schema, part) => below(schema, part), configSchema());
      expect([key, below({ properties: found }, "description")]).toEqual([key, description]);
    }
  });
});

function below(schema: unknown, part: string): unknown {
  const properties: unknown =
    typeof schema === "object" && schema !== null ? Reflect.get(schema, "properties") : {};
  return typeof properties === "object" && properties !== null ? Reflect.get(properties, part) : undefined;
}
