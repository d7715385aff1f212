import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { scratch, serve, sqliteMissing } from "../../../apps/tasks/test/_process.ts";
import { inspector, runClient } from "../harness/other-clients.ts";
import { exchangesOf } from "../harness/transcript.ts";
import { verifies } from "../verifies.ts";

const guide = new URL("../../../docs/guides/tasks-inspector.md", import.meta.url);
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
    const typed = exchangesOf(await readFile(guide, "utf8"));
    const exchanges = typed.filter(({ words }) => words[1] === "@modelcontextprotocol/inspector");
    expect(exchanges).toHaveLength(3);
    const { url } = await serve(["--tasks", join(await scratch(), "tasks.db")]);
    for (const { words, printed } of exchanges) {
      const here = words.slice(2).map((word) => (word === "http://127.0.0.1:8089/mcp" ? url : word));
      expect(here).toContain(url);
      expect(withoutChance(await runClient(command, here, {}))).toEqual(withoutChance(JSON.parse(printed)));
    }
  },
  180_000,
);
