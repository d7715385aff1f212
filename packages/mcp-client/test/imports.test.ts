import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as entry from "@parley/mcp-client";
import * as oauth from "@parley/mcp-client/oauth";
import * as stdio from "@parley/mcp-client/stdio";
import { expect, test } from "vitest";

const source = fileURLToPath(new URL("../src", import.meta.url));

/** Everything a file imports at once, by way of its own package's files; types and `import()` do not count. */
function importsOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, "utf8");
  for (const [, target = ""] of text.matchAll(/^(?:import|export) (?!type )[^;]*?from "([^"]+)";/gms)) {
    if (target.startsWith(".")) importsOf(join(dirname(file), target), seen);
    else seen.add(target);
  }
  return seen;
}

test("[MCL-18] the entries give what they promise", () => {
  expect(Object.keys(entry).toSorted()).toEqual([
    "createDispatcher",
    "createMcpClient",
    "createTracedClient",
    "traceClient",
    "traceContext",
  ]);
  expect(Object.keys(stdio)).toEqual(["createStdioClient"]);
  expect(Object.keys(oauth).toSorted()).toEqual([
    "createClientCredentials",
    "createFileStore",
    "createMemoryStore",
    "createOAuth",
  ]);
});

test("[MCL-18] the client over HTTP reaches neither a process nor the SDK until it needs one", () => {
  const outside = [...importsOf(join(source, "index.ts"))].filter((name) => !name.startsWith("/"));
  expect(outside).toContain("undici");
  expect(outside.filter((name) => /child_process|@parley\/exec|@modelcontextprotocol/.test(name))).toEqual(
    [],
  );
  const withOAuth = [...importsOf(join(source, "oauth/index.ts"))];
  expect(withOAuth.filter((name) => name.startsWith("@modelcontextprotocol"))).toEqual([]);
});
