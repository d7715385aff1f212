import { expect, test } from "vitest";
import { entry, start } from "./_gateway.ts";

const node = process.execPath;

/** A program that writes what real ones wrote, and ends as they did. */
const saying = (text: string, code = 1) => ({
  command: node,
  args: [
    "-e",
    "process.stderr.write(process.argv[1]); process.exitCode = Number(process.argv[2])",
    text,
    `${code}`,
  ],
});

const nodeTrace = `node:internal/modules/esm/resolve:839
  throw new ERR_MODULE_NOT_FOUND(packageName, fileURLToPath(base), null);

Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'zod' imported from /srv/mcpo/server.js
    at packageResolve (node:internal/modules/esm/resolve:839:9) {
  code: 'ERR_MODULE_NOT_FOUND'
}

Node.js v22.19.0
`;
const pythonTrace = `Traceback (most recent call last):
  File "/srv/mcpo/.venv/bin/mcp-server-time", line 5, in <module>
    from mcp_server_time import main
ModuleNotFoundError: No module named 'mcp_server_time'
`;
const npmTrace = `npm error code E404
npm error 404 Not Found - GET https://registry.example/@upstash%2fcontext7 - Not found
npm error A complete log of this run can be found in: /srv/mcpo/.npm/_logs/x.log
`;

const programs: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, RegExp]>> = {
  unknown: [
    { command: "npx-of-nobody" },
    /^npx-of-nobody is missing: install npx-of-nobody, or put its folder/,
  ],
  uvx: [{ command: "/nowhere/uvx" }, /^\/nowhere\/uvx is missing: install uv, which brings it/],
  folder: [{ command: node, cwd: "/nowhere" }, /and see that \/nowhere is a folder\.$/],
  gnu: [
    saying("/usr/bin/env: ‘node’: No such file or directory\n", 127),
    /^node is missing: install Node\.js 20/,
  ],
  bsd: [
    saying("env: python3: No such file or directory\n", 127),
    /^python3 is missing: install Python 3\.10/,
  ],
  shell: [saying("sh: 1: mcp-server-git: not found\n", 127), /^mcp-server-git is missing: .*status 127/],
  package: [saying(nodeTrace), /^zod is missing: run npm install .*saying: Node\.js v22/],
  module: [saying(pythonTrace), /^the Python module mcp_server_time is missing: .*same virtual environment/],
  registry: [saying(npmTrace), /^the registry has no such package/],
  network: [saying("npm error code EAI_AGAIN\n"), /^the package registry cannot be reached: run mcpo warm/],
  other: [saying("out of luck\n"), /^The MCP server node ended with status 1, saying: out of luck/],
  colors: [saying("sh: 1: a\u001B[31mb: not found\n"), /^a \[31mb is missing|^The MCP server [^\p{Cc}]*$/u],
};

test("[GTW-112] the reason begins with what is missing, in words of ours", async () => {
  const servers = Object.entries(programs).map(([name, [program]]) => entry(name, program));
  const { gateway } = await start({ servers }, { firstBackoffMs: 60_000 });
  for (const { name, state, reason } of gateway.servers) {
    expect([name, state, reason]).toEqual([
      name,
      "unreachable",
      expect.stringMatching(programs[name]?.[1] ?? ""),
    ]);
  }
  expect(gateway.servers.map(({ reason }) => reason).join("")).not.toMatch(/\p{Cc}/u);
}, 60_000);
