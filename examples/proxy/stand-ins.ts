// Servers that stand in for those of the file: the same names and addresses, one tool each.
import { createServer, serveStdio, staticToken } from "@parley/server";
import { createRegistry, defineTool } from "@parley/tool-registry";
import { z } from "zod";

const time = defineTool({
  name: "get_current_time",
  description: "Get current time in a specific timezone",
  input: z.object({ timezone: z.string().describe("IANA timezone name") }),
  handler: ({ timezone }) => ({ timezone, datetime: "2026-11-28T09:00:00+00:00", is_dst: false }),
});

const library = defineTool({
  name: "resolve-library-id",
  description: "Resolves a package name to a library id",
  input: z.object({ libraryName: z.string() }),
  handler: ({ libraryName }) => `/${libraryName}/docs`,
});

/** The tool of a server that is reached over the network: it says who it is and what it was asked. */
const ask = (name: string) =>
  defineTool({
    name: "ask",
    description: `Asks ${name}`,
    input: z.object({ question: z.string() }),
    handler: ({ question }) => `${name} heard ${JSON.stringify(question)}`,
  });

/** Starts a server on a free port; with a token it refuses whoever sends another. */
export async function standIn(name: string, token?: string) {
  const registry = createRegistry();
  registry.addTool(ask(name));
  const authenticator = token === undefined ? undefined : staticToken(token);
  const server = createServer({ name, version: "1.0.0", registry, authenticator, closeGraceMs: 50 });
  const { url, port } = await server.listen();
  return { url: `${url}/mcp`, port, close: () => server.close() };
}

/** Serves as the program of that name over its standard streams. */
export async function serveAs(program: string): Promise<void> {
  const registry = createRegistry();
  registry.addTool(program === "npx" ? library : time);
  await serveStdio({ name: program, version: "1.0.0", registry });
}
