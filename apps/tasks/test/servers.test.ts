import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readServers } from "../src/servers.ts";

async function written(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "parley-servers-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, "servers.json");
  await writeFile(path, text);
  return path;
}

test("[PLN-62] a file of a host is read as it is: comments, switched-off servers, numbers, VS Code's key", async () => {
  const path = await written(`\uFEFF{
    // kept by hand
    "mcpServers": {
      "a": { "type": "stdio", "command": "x", "args": ["-p", 1], "env": { "PORT": 80, "ON": true }, "timeout": 5, },
      "b": { "command": "", "disabled": true },
      "c": { "type": "http", "url": "http://127.0.0.1:1/mcp", "enabled": true },
    },
  }`);
  expect(await readServers(path)).toEqual({
    a: { command: "x", args: ["-p", "1"], env: { PORT: "80", ON: "true" } },
    c: { url: "http://127.0.0.1:1/mcp", headers: {} },
  });
  expect(
    await readServers(await written('{"inputs": [], "servers": {"a": {"command": "x"}}}')),
  ).toHaveProperty("a");
});

test("[PLN-62] what is wrong with it is said of the flag that named it", async () => {
  await expect(readServers("/no/such.json", "--server")).rejects.toThrow(
    "--server /no/such.json: there is no such file.",
  );
  await expect(readServers("/")).rejects.toThrow("--servers /: it is a directory.");
  await expect(readServers(await written('{\n"mcpServers": {x}'))).rejects.toThrow(/: line 2 is no JSON/);
  await expect(readServers(await written("[]"))).rejects.toThrow("it holds no servers");
  await expect(readServers(await written('{"mcpServers": {"a": {"url": "x"}}}'))).rejects.toThrow(
    "mcpServers.a does not fit: write a command with args and env, or a url with headers.",
  );
});
