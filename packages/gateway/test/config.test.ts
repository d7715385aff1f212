import { ParleyError } from "@parley/core";
import { parseGatewayConfig } from "@parley/gateway";
import type { ParseConfigOptions } from "@parley/gateway";
import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { parse } from "./_gateway.ts";

const files: Readonly<Record<string, string>> = { "/run/secrets/key": "s3cret\n" };

const options: ParseConfigOptions = {
  path: "config.json",
  env: { HOST: "h.example", EMPTY: "" },
  readFile(path) {
    const found = files[path];
    if (found === undefined) throw Object.assign(new Error("gone"), { code: "ENOENT" });
    return found;
  },
};

function problems(text: string): readonly string[] {
  try {
    parseGatewayConfig(text, options);
  } catch (thrown) {
    if (!ParleyError.isInstance(thrown)) throw thrown;
    const found = thrown.details["problems"] as { line: number; column: number; message: string }[];
    return found.map(({ line, column, message }) => `${line}:${column} ${message}`);
  }
  return [];
}

test("[GTW-03] comments, trailing commas, variables and files", () => {
  const text = `{
    // the servers
    "mcpServers": {
      "a": { "type": "streamable_http", "url": "https://\${HOST}/\${PATH_OF:-mcp}", "headers": { "Authorization": "Bearer \${file:/run/secrets/key}" } },
      /* kept for later */
      "b": { "command": "x", "args": ["$5", "$\${HOST}", "$$"], "env": { "N": 1 }, "timeout": 2.5, "cwd": "/tmp" },
    },
    "keys": { "laptop": { "key": "k", "servers": ["a"] } },
  }`;
  const { servers, keys } = parseGatewayConfig(text, options);
  expect(servers.map(({ connection }) => connection)).toEqual([
    { kind: "http", url: "https://h.example/mcp", headers: { Authorization: "Bearer s3cret" } },
    {
      kind: "stdio",
      command: "x",
      args: ["$5", "${HOST}", "$$"],
      env: { N: "1" },
      cwd: "/tmp",
      inheritEnv: true,
    },
  ]);
  expect(servers[1]?.timeoutMs).toBe(2500);
  expect(keys).toEqual([{ name: "laptop", key: "k", servers: ["a"], tools: [] }]);
});

describe("[GTW-03] what is wrong is told with its place", () => {
  it.each([
    ["{", /^1:2 .*expected here\.$/],
    ["", /^1:1 /],
    ["[]", /^1:1 write an object with mcpServers\.$/],
    ['{"mcpServers": {}}', /^1:2 mcpServers: name at least one server\.$/],
    ['{\n "mcpServers": {\n  "a": {}\n }\n}', /^3:3 mcpServers\.a: write a command, or a type and a url\.$/],
    [
      '{"mcpServers": {"a": {"command": "x", "args": "y"}}}',
      /^1:47 mcpServers\.a\.args: write a list of texts\.$/,
    ],
    [
      '{"mcpServers": {"a": {"type": "ws", "url": "http://h"}}}',
      /^1:31 mcpServers\.a\.type: write stdio, sse or/,
    ],
    [
      '{"mcpServers": {"a": {"type": "sse"}}}',
      /^1:31 mcpServers\.a\.type: an entry of type sse needs a url\.$/,
    ],
    [
      '{"mcpServers": {"a": {"url": "ftp://h"}}}',
      /^1:30 mcpServers\.a\.url: write an http or https address\.$/,
    ],
    [
      '{"mcpServers": {"a": {"command": "${NO_SUCH}"}}}',
      /^1:34 the variable NO_SUCH is not set; set it or write/,
    ],
    ['{"mcpServers": {"a": {"command": "${file:/no}"}}}', /^1:34 \$\{file:\/no\}: there is no such file\.$/],
    ['{"mcpServers": {"a": {"command": "${x y}"}}}', /^1:34 .*is no variable/],
    [
      '{"mcpServers": {"a": {"command": "x"}, "a": {"command": "y"}}}',
      /^1:40 "a" stands here twice; take one out\.$/,
    ],
    ['{"mcpServers": {"docs": {"command": "x"}}}', /an address of the gateway itself/],
    ['{"mcpServers": {"a?b": {"command": "x"}}}', /a name is up to 200 letters/],
    ['{"mcpServers": {"a": {"command": "x", "oauth": {}}}}', /works for servers with a url alone/],
    ['{"mcpServers": {"a": {"command": "x"}}, "keys": {"k": {}}}', /^1:50 keys\.k\.key: write the key/],
    [
      '{"mcpServers": {"a": {"command": "x", "tools": {"t": {"nam": "x"}}}}}',
      /tools\.t\.nam: it means nothing here/,
    ],
  ])("%s", (text, expected) => {
    expect(problems(text)[0]).toMatch(expected);
  });

  it("tells all of it at once, and nothing of what is disabled", () => {
    const text = JSON.stringify({
      mcpServers: {
        a: { command: 1 },
        b: { url: "x" },
        c: { enabled: false, command: "${NOT_SET}" },
      },
    });
    expect(problems(text)).toHaveLength(2);
  });

  it("never shows a value", () => {
    const text =
      '{"mcpServers": {"a": {"url": "http://h", "headers": {"Authorization": ["hunter2-secret"]}}}}';
    expect(problems(text).join()).not.toContain("hunter2");
    expect(problems(text)).toHaveLength(1);
  });
});

test("[GTW-01] spellings of other programs are understood", () => {
  const { servers } = parse({
    mcpServers: {
      a: { type: "streamableHttp", url: "http://h/mcp" },
      b: { type: "streamablehttp", url: "http://h/mcp" },
      c: { transport: "http", url: "http://h/mcp" },
      d: { url: "http://h/sse" },
      e: { type: "sse", url: "http://h/sse", command: "ignored" },
      f: { command: "x", disabled: true },
      g: { command: "x", args: null, disabled_tools: ["t"] },
    },
  });
  expect(servers.map(({ connection, enabled }) => `${connection.kind} ${enabled}`)).toEqual([
    "http true",
    "http true",
    "http true",
    "http true",
    "sse true",
    "stdio false",
    "stdio true",
  ]);
  expect(servers[6]?.tools.deny).toEqual(["t"]);
});

test("keys that mean nothing are passed over with their place", () => {
  const warnings: string[] = [];
  const text = '{"mcpServers": {"a": {"command": "x", "autoApprove": [], "comand": "y"}}}';
  parseGatewayConfig(text, { ...options, onWarning: (message) => warnings.push(message) });
  expect(warnings).toEqual(['config.json:1:58: "comand" means nothing here and is passed over.']);
});

test("whatever a file holds, it is read or refused", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json().map((json) => `{"mcpServers": {"a": ${json}}}`),
      ),
      (text) => {
        const found = problems(text);
        expect(found.every((line) => /^\d+:\d+ /.test(line))).toBe(true);
      },
    ),
  );
});

it("[GTW-303] files of editors are read as they are", () => {
  const text = `{
    "inputs": [{ "type": "promptString", "id": "gh" }],
    "servers": {
      "my mail": { "type": "stdio", "command": "x", "env": { "A": "\${env:HOST}" }, "isActive": false },
      "github.com/a/b": { "httpUrl": "https://h.example/mcp" },
      "größe 🚀": { "serverUrl": "https://h.example/mcp" }
    }
  }`;
  const { servers } = parseGatewayConfig(text, options);
  expect(servers.map(({ name, enabled }) => [name, enabled])).toEqual([
    ["my mail", false],
    ["github.com/a/b", true],
    ["größe 🚀", true],
  ]);
  expect(servers[0]?.connection).toMatchObject({ env: { A: "h.example" } });
  expect(servers[2]?.connection).toMatchObject({ kind: "http", url: "https://h.example/mcp" });
  expect(problems('{ "servers": { "a": {\n"url": 5 } } }')).toEqual(["2:8 servers.a.url: write a text."]);
  expect(problems('{ "servers": { "..": { "command": "x" } } }')[0]).toMatch(
    /^1:16 servers\.\.\.: a name is/,
  );
});
