import { ExitWith, execute, nearest, processIo } from "@parley/cli";
import type { Io } from "@parley/cli";
import { renderTable } from "@parley/cli/table";
import { ParleyError } from "@parley/core";
import { Command } from "commander";
import * as fc from "fast-check";
import { expect, test } from "vitest";

async function run(
  act: () => Promise<void> | void,
  argv: readonly string[] = ["go"],
  signal = new AbortController().signal,
) {
  const lines: { out: string[]; err: string[] } = { out: [], err: [] };
  const { colors } = processIo(signal);
  const io: Io = {
    out: (text) => lines.out.push(text),
    err: (text) => lines.err.push(text),
    env: {},
    interactive: false,
    width: 80,
    colors,
    signal,
  };
  const program = new Command("tool");
  program.command("go").option("--json").action(act);
  return { code: await execute(program, argv, io), ...lines };
}

const fails = (code: ConstructorParameters<typeof ParleyError>[0]) => () => {
  throw new ParleyError(code, "It failed; do this.");
};

test.each([
  ["E_CONFIG_INVALID", 2],
  ["E_SELECT_NONE", 3],
  ["E_MCP_UNREACHABLE", 4],
  ["E_MCP_TIMEOUT", 5],
  ["E_TOOL_FAILED", 1],
  ["E_INTERRUPTED", 130],
] as const)("%s ends with %i and its one sentence", async (code, exit) => {
  const ended = await run(fails(code));
  expect(ended.code).toBe(exit);
  expect(ended.err.join()).toMatch(/^\S*error:\S* It failed; do this\.$/);
  expect(ended.out).toEqual([]);
});

test("usage faults are 2, help is 0, a foreign error 1, a job's own code its own", async () => {
  expect((await run(() => undefined, ["og"])).code).toBe(2);
  expect((await run(() => undefined, ["go", "--jsno"])).err.join()).toContain("--json");
  expect(await run(() => undefined, ["--help"])).toMatchObject({ code: 0, err: [] });
  expect((await run(() => Promise.reject(new Error("odd")))).code).toBe(1);
  expect((await run(() => Promise.reject(new ExitWith(77)))).code).toBe(77);
});

test("with --json the error is one JSON object on standard error", async () => {
  const ended = await run(fails("E_MCP_TIMEOUT"), ["go", "--json"]);
  expect(JSON.parse(ended.err.join())).toEqual({
    error: { code: "E_MCP_TIMEOUT", message: "It failed; do this.", retryable: true },
  });
});

test("an interrupt wins over the fault it causes", async () => {
  const stop = new AbortController();
  const ended = await run(
    () => {
      stop.abort();
      throw new DOMException("aborted", "AbortError");
    },
    ["go"],
    stop.signal,
  );
  expect(ended.code).toBe(130);
});

test("the nearest word is close, or there is none", () => {
  expect(nearest("sonest", ["soonest", "random"])).toBe("soonest");
  expect(nearest("SERVER.PROT", ["server.port"])).toBe("server.port");
  expect(nearest("zebra", ["soonest", "random"])).toBeUndefined();
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 3 }), { minLength: 1 }), (words) => {
      const [word = ""] = words;
      expect(nearest(word, words)?.toLowerCase()).toBe(word.toLowerCase());
    }),
  );
});

test("a table aligns its columns and wraps the last", () => {
  const text = renderTable({
    head: ["worker", "reason"],
    rows: [
      ["a", "short"],
      ["longer", "many words that do not fit into what is left of the line"],
    ],
    width: 40,
  });
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.includes("short"));
  expect(lines[start]?.indexOf("short")).toBe(lines[start + 1]?.indexOf("many"));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
});
