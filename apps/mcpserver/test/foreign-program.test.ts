import { createMcpClient } from "@parley/mcp-client";
import { addStartOptions } from "@parley/mcpserver/program";
import { readSettings, runStart } from "@parley/mcpserver";
import type { Io } from "@parley/cli";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { file, run } from "./_program.ts";

const tool = (body: string): string =>
  `export const shout = { name: "shout", inputSchema: { type: "object" }, async call() { ${body} } };`;

/** A program of somebody else's that serves tools of its own with the options of `mcpserver start`. */
function foreign(defaults: Parameters<typeof addStartOptions>[1]) {
  return (io: Io): Command => {
    const program = new Command("flux-mcp-server").option("--own <x>", "an option of its own");
    addStartOptions(program, defaults).action((flags: Record<string, unknown>) =>
      runStart(flags, io, { defaults }),
    );
    return program;
  };
}

/** Runs until the server listens, asks it, interrupts it. */
async function served(
  argv: readonly string[],
  options: { build: (io: Io) => Command; env?: Record<string, string> },
) {
  const stop = new AbortController();
  const found: { url?: (url: string) => void } = {};
  const ready = new Promise<string>((resolve) => {
    found.url = resolve;
  });
  const ended = run(argv, {
    ...options,
    signal: stop.signal,
    onErr: (text) => {
      const url = /ready at (\S+)/.exec(text)?.[1];
      if (url !== undefined) found.url?.(url);
    },
  });
  const client = createMcpClient({ url: await ready });
  try {
    const { content } = await client.callTool("shout", {});
    return { text: JSON.stringify(content) };
  } finally {
    await client.close();
    stop.abort();
    await ended;
  }
}

describe("[CFG-10] another program", () => {
  test("shows the options with its own defaults, beside its own", async () => {
    const { code, out } = await run(["--help"], { build: foreign({ port: 9000, logLevel: "info" }) });
    expect(code).toBe(0);
    expect(out).toMatch(/--own <x>/);
    expect(out).toMatch(/--port <number> .*\(default\s+9000, MCPSERVER_PORT\)/);
    expect(out).toMatch(/--log-level[^)]*default\s+info/);
  });

  test("its defaults yield to the file, variables and flags", async () => {
    const defaults = { port: 9000, path: "/own" };
    const config = await file("c.yaml", "server: {port: 1}");
    const read = (flags: Record<string, unknown>, env = {}) => readSettings({ flags, env, defaults });
    expect(await read({})).toMatchObject({ bindPort: 9000, path: "/own" });
    expect(await read({ config })).toMatchObject({ bindPort: 1, path: "/own" });
    expect(await read({ config }, { MCPSERVER_PORT: "2" })).toMatchObject({ bindPort: 2 });
    expect(await read({ config, port: "3" }, { MCPSERVER_PORT: "2" })).toMatchObject({ bindPort: 3 });
  });

  test("serves its own tools and is refused like mcpserver", async () => {
    const path = await file("t.mjs", tool('return { content: [{ type: "text", text: "HO" }] };'));
    const build = foreign({ port: 0, tool: [`${path}#shout`] });
    expect((await served([], { build })).text).toContain("HO");
    expect(await run(["--prot", "1"], { build })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/--port/),
    });
  });
});

describe("[CFG-11] an unexpected error of a tool", () => {
  const failing = tool('throw new Error("password hunter2 refused");');

  test.each([
    ["--mask-error-details", {}],
    ["--mask-error_details", {}],
    ["", { MCPSERVER_MASK_ERROR_DETAILS: "1" }],
  ])("%s %j: the client gets a number", async (flag, env) => {
    const path = await file("t.mjs", failing);
    const argv = ["--port", "0", "--log-level", "silent", ...(flag === "" ? [] : [flag])];
    const { text } = await served(argv, { build: foreign({ tool: [`${path}#shout`] }), env });
    expect(text).toMatch(/failed unexpectedly; the server's log has the details under err_\w{12}\./);
    expect(text).not.toContain("hunter2");
  });

  test("without it the client gets the message", async () => {
    const path = await file("t.mjs", failing);
    const { text } = await served(["--port", "0"], { build: foreign({ tool: [`${path}#shout`] }) });
    expect(text).toContain("hunter2");
  });
});
