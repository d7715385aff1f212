import { execute } from "@parley/cli";
import type { Io } from "@parley/cli";
import { createWorkerProgram } from "@parley/worker";
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
  const code = await execute(createWorkerProgram(io), argv, io);
  return { code, said: lines.join("\n") };
}

test("starts a site until it is told to stop, and refuses to be anything else", async () => {
  const started = await run(["--port", "0", "--mock", "hpc", "--worker-id", "sim"]);
  expect(started).toMatchObject({ code: 0, said: expect.stringContaining("Parley worker ready") });
  const refused = await run(["--port", "0"]);
  expect(refused).toMatchObject({ code: 2, said: expect.stringContaining("parley-worker is a site") });
});

test("has every flag of mcpserver start in its help", async () => {
  const { code, said } = await run(["--help"]);
  expect(code).toBe(0);
  expect(said).toMatch(/^Usage: parley-worker/);
  expect(said).toContain("--config <file>");
});
