import { addOptions, execute, helpCommand, option, plainColors, reads } from "@parley/cli";
import type { Io } from "@parley/cli";
import { Command } from "commander";
import { describe, expect, test } from "vitest";

const table = {
  port: option({ flags: "-p, --port <number>", description: "port", read: reads.integer(0, 9) }),
  hub: option({ flags: "--hub", description: "hub", file: "hub", group: "Hub", read: reads.flag }),
  tool: option({
    flags: "--tool <path>",
    aliases: ["--tool_path"],
    description: "tool",
    list: true,
    read: reads.list,
  }),
  old: option({ flags: "--old <x>", description: "old", unavailable: "gone since.", read: reads.text }),
};

async function run(...argv: readonly string[]) {
  const lines: { out: string[]; err: string[] } = { out: [], err: [] };
  const io: Io = {
    out: (text) => lines.out.push(text),
    err: (text) => lines.err.push(text),
    env: {},
    interactive: false,
    width: 60,
    colors: plainColors,
    signal: new AbortController().signal,
  };
  const program = helpCommand(new Command("tool").description("A tool.").helpCommand(false));
  const found: { flags?: unknown } = {};
  addOptions(program.command("start").description("start it"), table).action((flags: unknown) => {
    found.flags = flags;
  });
  const group = program.command("config").description("about files").helpCommand(false);
  group
    .command("check")
    .argument("<file>")
    .action(() => undefined);
  return {
    code: await execute(program, argv, io),
    out: lines.out.join("\n"),
    err: lines.err.join("\n"),
    ...found,
  };
}

describe("[CFG-05] what is not understood is 2, with the nearest thing that is", () => {
  test.each([
    [["start", "--prot", "3"], /'--prot' \(Did you mean --port\?\)/],
    [["start", "--nothing-like-it"], /unknown option '--nothing-like-it'; see "tool start --help"/],
    [["start", "--port"], /--port <number>' argument missing/],
    [["start", "--hub=yes"], /--hub takes no value; write --hub or --no-hub/],
    [["start", "--no-hub=yes"], /--no-hub takes no value/],
    [["start", "extra"], /"extra" is more than "tool start" takes/],
    [["start", "--", "--port", "3"], /"--port" is more than "tool start" takes/],
    [["config", "check"], /missing required argument 'file'/],
    [["config", "chekc"], /unknown command 'chekc' \(Did you mean check\?\)/],
    [["config", "check", "f", "--jsno"], /unknown option '--jsno'/],
    [["strat"], /unknown command 'strat' \(Did you mean start\?\)/],
    [["help", "strat"], /no command "strat"; did you mean "start"\?/],
    [["help", "config", "zzzzzz"], /no command "zzzzzz"$/],
  ])("%j", async (argv, message) => {
    const { code, out, err } = await run(...argv);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
    expect(err).toMatch(/^error: [^\n]+$/);
  });

  test("with --json it is an object", async () => {
    const { err } = await run("start", "--json", "--prot");
    expect(JSON.parse(err)).toMatchObject({ error: { code: "E_CONFIG_UNKNOWN" } });
  });
});

describe("[CFG-06] help", () => {
  test.each([[], ["--help"], ["help"], ["config"], ["help", "config", "check"], ["start", "--help"]])(
    "%j is printed and ends with 0",
    async (...argv: readonly string[]) => {
      const { code, out, err } = await run(...argv);
      expect([code, err]).toEqual([0, ""]);
      expect(out).toMatch(/^Usage: tool/);
    },
  );

  test("is grouped, fits the terminal, and shows no oddities", async () => {
    const { out } = await run("start", "--help");
    expect(out).toContain("\nHub:\n");
    expect(out).not.toMatch(/--no-hub|--tool_path|--old/);
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(60);
  });
});

test.each([
  [["--port=3"], { port: "3" }],
  [["-p3"], { port: "3" }],
  [["--port", "1", "--port", "2"], { port: "2" }],
  [["--hub", "--no-hub"], { hub: false }],
  [["--no-hub", "--hub"], { hub: true }],
  [["--tool=a", "--tool", "b"], { tool: ["a", "b"] }],
  [["--tool_path", "a"], { tool_path: ["a"] }],
])("%j is read", async (argv, flags) => {
  expect(await run("start", ...argv)).toMatchObject({ code: 0, flags });
});
