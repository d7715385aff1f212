import { option, reads } from "@parley/cli";
import type { Io } from "@parley/cli";
import { adapterProgram } from "@parley/mcpserver/program";
import type { OwnContext, OwnItems } from "@parley/mcpserver/program";
import { defineTool } from "@parley/tool-registry";
import type { Command } from "commander";
import { z } from "zod";
import { run } from "./_program.ts";

const options = {
  greeting: option({
    flags: "--greeting <word>",
    description: "how to greet",
    env: ["GREETER_GREETING"],
    file: "greeter.greeting",
    initial: "hello",
    read: reads.text,
  }),
  rest: option({
    flags: "--rest",
    description: "serve plain routes too",
    file: "greeter.rest",
    initial: false,
    read: reads.flag,
  }),
};

/** What a greeter has seen of the program around it. */
export interface Seen {
  readonly contexts: OwnContext[];
  closed: number;
}

function greeter(greeting: string, seen: Seen): OwnItems {
  const greet = defineTool({
    name: "greet",
    description: "Greets.",
    scope: "dispatch",
    tags: ["polite"],
    input: z.object({ name: z.string().describe("Whom, for example: Ada") }),
    output: z.object({ said: z.string() }),
    handler: ({ name }) => ({ said: `${greeting} ${name}` }),
  });
  return {
    origin: "greeter",
    tools: [greet],
    install({ app, callTool, requireScope }) {
      app.get<{ Querystring: { name?: string } }>(
        "/greet",
        { config: { mcp: true }, schema: { hide: true } },
        async ({ query }, reply) => {
          const { structuredContent, content, isError } = await callTool(reply, "greet", { ...query });
          return reply.code(isError === true ? 400 : 200).send(structuredContent ?? content);
        },
      );
      app.get("/secret", { preHandler: requireScope("admin"), schema: { hide: true } }, async () => ({
        ok: true,
      }));
    },
    close() {
      seen.closed += 1;
    },
  };
}

/** A small adapter's program. */
export function greeterProgram(seen: Seen): (io: Io) => Command {
  return (io) =>
    adapterProgram(io, {
      program: "parley-greeter",
      title: "Greeter",
      description: "Greet over MCP.",
      version: "7.8.9",
      instructions: "Be polite.",
      options,
      examples: ["parley-greeter --greeting hi    serve over stdio"],
      implied: ({ rest }) => (rest ? { transport: "sse", port: 0 } : {}),
      open({ greeting }, context) {
        seen.contexts.push(context);
        return greeter(greeting, seen);
      },
    });
}

/** Runs the program until it listens, uses it, and interrupts it. */
export async function withGreeter<Result>(
  argv: readonly string[],
  use: (url: string, seen: Seen) => Promise<Result>,
  env: Readonly<Record<string, string>> = {},
): Promise<Result> {
  const seen: Seen = { contexts: [], closed: 0 };
  const stop = new AbortController();
  const found: { url?: (url: string) => void; gone?: (error: Error) => void } = {};
  const ready = new Promise<string>((resolve, reject) => {
    found.url = resolve;
    found.gone = reject;
  });
  const ended = run(argv, {
    env,
    build: greeterProgram(seen),
    signal: stop.signal,
    onErr: (text) => {
      const url = /parley-greeter ready at (\S+)/.exec(text)?.[1];
      if (url !== undefined) found.url?.(url);
    },
  });
  void ended.then(({ err }) => found.gone?.(new Error(err)));
  try {
    return await use(await ready, seen);
  } finally {
    stop.abort();
    await ended;
  }
}
