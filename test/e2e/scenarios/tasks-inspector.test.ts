import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { scratch, serve, sqliteMissing } from "../../../apps/tasks/test/_process.ts";
import { inspector, runClient } from "../harness/other-clients.ts";
import { verifies } from "../verifies.ts";

const guide = new URL("../../../docs/guides/tasks-inspector.md", import.meta.url);
const program = "npx @modelcontextprotocol/inspector ";

interface Exchange {
  readonly args: readonly string[];
  readonly printed: unknown;
}

/** The words of a command line; those in quotes may hold spaces. */
const wordsOf = (line: string): string[] =>
  Array.from(line.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? "");

/** Commands of the guide's session with what it says they print. */
function exchangesOf(text: string): Exchange[] {
  const session = text
    .split("\n")
    .filter((line) => line.startsWith("    "))
    .map((line) => line.slice(4))
    .join("\n");
  return session
    .replaceAll(/\\\n\s*/g, "")
    .split(/^\$ /m)
    .filter((part) => part.startsWith(program))
    .map((part) => {
      const [line = "", ...printed] = part.split("\n");
      return { args: wordsOf(line.slice(program.length)), printed: JSON.parse(printed.join("\n")) };
    });
}

/** What differs from one session to the next. */
function withoutChance(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replaceAll(/task_1_[0-9a-f]{32}/g, "task_1_…")
    .replaceAll(/(elapsed_seconds\\*":)[0-9.]+/g, "$10")
    .replaceAll(/\d{4}-\d{2}-\d{2}T[0-9:.]+Z/g, "then");
  return JSON.parse(text);
}

verifies(
  ["DUR-32"],
  "the guide's session with the Inspector is what the Inspector prints",
  async (context) => {
    const missing = await sqliteMissing();
    context.skip(missing !== undefined, missing);
    const command =
      inspector ?? context.skip("The Inspector is not installed; node scripts/check.mjs --ci installs it.");
    const exchanges = exchangesOf(await readFile(guide, "utf8"));
    expect(exchanges).toHaveLength(3);
    const { url } = await serve(["--tasks", join(await scratch(), "tasks.db")]);
    for (const { args, printed } of exchanges) {
      const here = args.map((word) => (word === "http://127.0.0.1:8089/mcp" ? url : word));
      expect(here).toContain(url);
      expect(withoutChance(await runClient(command, here, {}))).toEqual(withoutChance(printed));
    }
  },
  180_000,
);
