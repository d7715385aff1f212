// Three tools as plain functions: write a file, run it with node, compare what it printed.
import { execFile } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { defineTool } from "@parley/tool-registry";
import { z } from "zod";

const run = promisify(execFile);

/** Writes a program and has node look whether it is one. */
export const build = defineTool({
  name: "build",
  description: "Writes a program to a new folder and checks its syntax.",
  input: z.object({ source: z.string().max(10_000) }),
  async handler({ source }) {
    const program = join(await mkdtemp(join(tmpdir(), "parley-plans-example-")), "program.mjs");
    await writeFile(program, source);
    try {
      await run(process.execPath, ["--check", program], { timeout: 30_000 });
      return { program, errors: [] };
    } catch (error) {
      return { program, errors: [String(error.stderr).match(/SyntaxError: .*/)?.[0] ?? "it cannot be read"] };
    }
  },
});

/** Runs what was built. */
export const execute = defineTool({
  name: "execute",
  description: "Runs a program that was built.",
  input: z.object({ program: z.string().max(1000) }),
  async handler({ program }) {
    const { stdout } = await run(process.execPath, [program], { timeout: 30_000 });
    return { returncode: 0, stdout: stdout.trim() };
  },
});

/** Compares. */
export const verify = defineTool({
  name: "verify",
  description: "Says whether what was printed is what was expected.",
  input: z.object({ printed: z.string(), expected: z.string() }),
  annotations: { readOnlyHint: true },
  handler: ({ printed, expected }) => ({ valid: printed === expected, printed }),
});
