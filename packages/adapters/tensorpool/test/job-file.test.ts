import { formatJobFile, jobWriteConfig, parseJobFile } from "@parley/tensorpool";
import * as fc from "fast-check";
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type World, makeWorld } from "./_world.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld("http");
});
afterEach(() => world.close());

const line = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
  .filter((text) => !text.includes("\0"));
const nasty = fc.constantFrom(
  '"',
  "\\",
  '"""',
  "'''",
  "\n",
  "\r\n",
  "\t",
  "]",
  "# no comment",
  'a = "b"',
  "$(id)",
  "\u0001",
  "\u007f",
  "\u2028",
);

describe("[TPL-10] a job file", () => {
  it("holds what it was given", () => {
    const lines = fc.array(
      fc.oneof(
        line,
        nasty,
        fc.tuple(line, nasty, line).map((parts) => parts.join("")),
      ),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(lines, lines, (commands, outputs) => {
        const file = { instance_type: "1xH100", commands, outputs, ignore: [] };
        expect(parseJobFile("a.toml", formatJobFile(file))).toEqual(file);
      }),
    );
  });

  it("reads the example of the seed", () => {
    const text =
      'instance_type = "1xH100"\ncommands = [\n  "pip install -r requirements.txt",\n  "python train.py",\n]\noutputs = ["checkpoints/"]\nignore = [".venv"]\n';
    expect(parseJobFile("tp.config.toml", text)).toEqual({
      instance_type: "1xH100",
      commands: ["pip install -r requirements.txt", "python train.py"],
      outputs: ["checkpoints/"],
      ignore: [".venv"],
    });
  });

  it.each([
    ["commands = [", /a\.toml is no TOML in line 1/],
    ["commands = []", /a\.toml: commands/],
    ["outputs = ['x']", /a\.toml: commands/],
    ["commands = [1]", /a\.toml: commands\.0/],
  ])("that says %j is refused with the place", (text, reason) => {
    expect(() => parseJobFile("a.toml", text)).toThrow(reason);
  });

  it("is written once, kept when it says the same, and replaced only on request", async () => {
    const { options, folder } = world;
    const args = { workdir: "new/project", commands: ['echo "a" \\ b'] };
    expect(await jobWriteConfig(args, options)).toMatchObject({
      change: "created",
      path: join(folder, "new/project/tp.config.toml"),
    });
    expect(await jobWriteConfig(args, options)).toMatchObject({ change: "kept" });
    await expect(jobWriteConfig({ ...args, commands: ["other"] }, options)).rejects.toThrow(
      /exists and says something else/,
    );
    expect(await jobWriteConfig({ ...args, commands: ["other"], overwrite: true }, options)).toMatchObject({
      change: "replaced",
    });
  });

  it.each([
    { workdir: "../elsewhere" },
    { workdir: "/etc" },
    { workdir: ".", filename: "../x.toml" },
    { workdir: ".", filename: ".bashrc" },
    { workdir: ".", filename: "-rf.toml" },
    { workdir: ".", filename: "a\u0000.toml" },
  ])("is not written to %j", async (where) => {
    await expect(jobWriteConfig({ commands: ["true"], ...where }, world.options)).rejects.toThrow(
      /leads out|is a plain file name/,
    );
  });

  it("is not written through a link that leads out", async () => {
    const { options, folder } = world;
    const outside = join(folder, "..", "victim.toml");
    await writeFile(outside, "mine");
    await symlink(outside, join(folder, "tp.config.toml"));
    await symlink(join(folder, ".."), join(folder, "up"));
    await expect(
      jobWriteConfig({ workdir: ".", commands: ["true"], overwrite: true }, options),
    ).rejects.toThrow(/leads out/);
    await expect(jobWriteConfig({ workdir: "up", commands: ["true"] }, options)).rejects.toThrow(/leads out/);
    expect(await readFile(outside, "utf8")).toBe("mine");
  });
});
