import { execute } from "@parley/cli";
import type { Io } from "@parley/cli";
import { createHubProgram } from "@parley/hub";
import { expect, test } from "vitest";

const plain = (text: string | number | null | undefined): string => String(text);

/** Runs the command; it is told to stop as soon as it says that it is ready. */
async function run(argv: readonly string[]): Promise<{ code: number; said: string }> {
  const stop = new AbortController();
  const lines: string[] = [];
  const hear = (text: string): void => {
    lines.push(text);
    if (text.includes(" ready at ")) stop.abort();
  };
  const colors = new Proxy({} as Io["colors"], { get: () => plain });
  const io: Io = {
    out: hear,
    err: hear,
    env: {},
    interactive: false,
    width: 100,
    colors,
    signal: stop.signal,
  };
  const code = await execute(createHubProgram(io), argv, io);
  return { code, said: lines.join("\n") };
}

test("prints its version", async () => {
  const ran = await run(["--version"]);
  expect(ran.code).toBe(0);
  expect(ran.said).toMatch(/^\d+\.\d+\.\d+$/);
});

test("starts a hub until it is told to stop, and refuses to be anything else", async () => {
  const started = await run([
    "--port",
    "0",
    "--hub-secret",
    "potato",
    "--database",
    "memory:",
    "--state-dir",
    "unused",
  ]);
  expect(started).toMatchObject({ code: 0, said: expect.stringContaining("Parley hub ready") });
  const refused = await run(["--join", "http://127.0.0.1:1", "--join-secret", "potato"]);
  expect(refused).toMatchObject({ code: 2, said: expect.stringContaining("--join cannot be combined") });
});

test("has every flag of mcpserver start in its help", async () => {
  const { code, said } = await run(["--help"]);
  expect(code).toBe(0);
  expect(said).toMatch(/^Usage: parley-hub/);
  expect(said).toContain("--config <file>");
});
