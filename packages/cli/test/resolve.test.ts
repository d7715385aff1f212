import { addOptions, checkFileKeys, option, reads, resolveOptions } from "@parley/cli";
import { Command } from "commander";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

const table = {
  port: option({
    flags: "-p, --port <number>",
    description: "port",
    env: ["OURS_PORT", "THEIRS_PORT"],
    file: "server.port",
    initial: 1,
    read: reads.integer(0, 65_535),
  }),
  tool: option({
    flags: "--tool <path>",
    description: "tool",
    env: ["TOOLS"],
    file: "tools",
    list: true,
    initial: [],
    read: reads.list,
  }),
  label: option({
    flags: "--label <pair>",
    description: "label",
    file: "labels",
    list: true,
    initial: {},
    read: reads.pairs,
  }),
  quiet: option({ flags: "--quiet", description: "quiet", env: ["QUIET"], file: "quiet", read: reads.flag }),
};

const file = (values: Record<string, unknown>) => ({ path: "p.yaml", values });

describe("[CLI-01] precedence", () => {
  test.each([
    ["flag", { port: "4" }, { OURS_PORT: "3" }, { server: { port: 2 } }, 4],
    ["environment", {}, { OURS_PORT: "3", THEIRS_PORT: "9" }, { server: { port: 2 } }, 3],
    ["environment", {}, { OURS_PORT: "", THEIRS_PORT: "9" }, { server: { port: 2 } }, 9],
    ["file", {}, { OURS_PORT: "" }, { server: { port: 2 } }, 2],
    ["default", {}, {}, { server: {} }, 1],
    ["default", {}, {}, { server: null }, 1],
  ] as const)("%s wins", (origin, flags, env, values, port) => {
    const resolved = resolveOptions(table, { flags, env, file: file(values) });
    expect([resolved.values.port, resolved.origins.port]).toEqual([port, origin]);
  });

  test("lists and pairs of flag and file add up, a variable replaces", () => {
    const values = { tools: ["a"], labels: { gpu: "a100", site: "x" } };
    const both = resolveOptions(table, {
      flags: { tool: ["b"], label: ["gpu=h100"] },
      env: {},
      file: file(values),
    });
    expect(both.values).toMatchObject({ tool: ["a", "b"], label: { gpu: "h100", site: "x" } });
    const variable = resolveOptions(table, { flags: {}, env: { TOOLS: "c, d," }, file: file(values) });
    expect(variable.values.tool).toEqual(["c", "d"]);
  });

  test.each([
    [{ port: "x" }, {}, {}, /^--port: "x" is not a whole number from 0 to 65535/],
    [{}, { THEIRS_PORT: "-1" }, {}, /^THEIRS_PORT: "-1"/],
    [{}, {}, { server: { port: 1.5 } }, /^p\.yaml: server\.port: "1\.5"/],
    [{ label: ["=x"] }, {}, {}, /^--label: "=x" is not of the form key=value/],
    [{}, { QUIET: "perhaps" }, {}, /^QUIET: "perhaps" is not true or false/],
    [{}, {}, { tools: [{}] }, /^p\.yaml: tools\[0\]: /],
  ])("a bad value names where it stood: %j %j %j", (flags, env, values, message) => {
    expect(() => resolveOptions(table, { flags, env, file: file(values) })).toThrow(message);
  });

  test("commander's flags are the table's", () => {
    const command = addOptions(new Command(), table).exitOverride();
    command.parse(["-p", "7", "--tool", "a", "--tool", "b", "--quiet"], { from: "user" });
    const { values } = resolveOptions(table, { flags: command.opts(), env: {} });
    expect(values).toEqual({ port: 7, tool: ["a", "b"], label: {}, quiet: true });
    expect(command.helpInformation()).toMatch(/--port <number>\s+port\s+\(default 1, OURS_PORT\)/);
  });
});

describe("keys of a file", () => {
  const known = ["server.port", "server.host", "tools", "database"];
  test.each([
    [{ server: { prot: 1 } }, /unknown key "server\.prot"; did you mean "server\.port"\?/],
    [{ sevrer: { port: 1 } }, /unknown key "sevrer"/],
    [{ somethingelse: 1 }, /unknown key "somethingelse"$/],
    [{ server: 8000 }, /"server" must be a mapping/],
    [{ server: [1] }, /"server" must be a mapping/],
    [JSON.parse('{"__proto__": {"port": 1}}'), /unknown key "__proto__"/],
  ])("%j is refused", (values, message) => {
    expect(() => checkFileKeys(file(values), known, ["free"])).toThrow(message);
  });

  test.each([{}, { server: null }, { server: { port: 1 } }, { tools: [{ any: 1 }] }, { free: { any: 1 } }])(
    "%j passes",
    (values) => {
      expect(() => checkFileKeys(file(values), known, ["free"])).not.toThrow();
    },
  );
});

describe("readers", () => {
  test("an integer is read back from its text, everything else is refused or in range", () => {
    const read = reads.integer(-5, 500);
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        try {
          const value = read(raw, "--x");
          expect(Number.isInteger(value) && value >= -5 && value <= 500).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: "E_CONFIG_INVALID", message: expect.stringMatching(/^--x: /) });
        }
      }),
    );
    fc.assert(fc.property(fc.integer({ min: -5, max: 500 }), (n) => read(String(n), "x") === n));
  });

  test("pairs keep everything after the first equals sign", () => {
    const key = fc.stringMatching(/^[a-z]{1,5}$/);
    const value = fc.stringMatching(/^[^,\s][^,]*[^,\s]$/);
    fc.assert(
      fc.property(fc.dictionary(key, value), (given) => {
        const flags = Object.entries(given).map(([name, text]) => `${name}=${text}`);
        expect(reads.pairs(flags, "x")).toEqual(given);
      }),
    );
  });

  test.each(["http://h:1", "https://h/x"])("%s is an address", (url) =>
    expect(reads.url(url, "x")).toBe(url),
  );
  test.each(["ftp://h", "h:80", "", "javascript:alert(1)", "file:///x"])("%j is no address", (url) => {
    expect(() => reads.url(url, "x")).toThrow("http or https");
  });
  test.each([{ toString: 1 }, { valueOf: "x" }, Object.create(null), [], null, Symbol("x")])(
    "%# is refused by every reader in one sentence",
    (raw) => {
      for (const read of [reads.integer(0, 9), reads.flag, reads.url, reads.text]) {
        expect(() => read(raw, "x")).toThrow(/^x: .* is not /);
      }
    },
  );
  test("no reader shows more than a line of a huge value", () => {
    expect(() => reads.url("x".repeat(10_000), "x")).toThrow(/^.{1,150}$/);
  });
});
