import {
  cancelJob,
  execCommand,
  createArchive,
  killJob,
  listJobs,
  submitBatch,
  submitJob,
  submitScript,
} from "@parley/flux";
import type { CallOptions } from "@parley/flux";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fakeFlux } from "./_fake-flux.ts";
import type { FakeFlux } from "./_fake-flux.ts";

const env = { PATH: "/usr/bin" };
const on = (world: FakeFlux): CallOptions => ({ run: world.run, env });
const nasty = [
  "--flags=debug",
  "-n",
  "$(touch /tmp/pwned)",
  "`id`",
  "a'b\"c",
  "../../etc",
  "; rm -rf /",
  "{{id}}",
  "%s",
  "ünï 🐢",
  "a b",
];

describe("[FLX-06] hostile words", () => {
  test.each(nasty)("are a job's name, path, bank and arguments, and nothing else: %j", async (text) => {
    const world = fakeFlux();
    await submitJob({ command: ["echo", text, ""], name: text, cwd: text, bank: text, output: text, input: text }, on(world));
    const [call] = world.calls;
    expect(call?.argv).toEqual(["flux", "job", "submit"]);
    expect(world.jobs[0]?.jobspec).toMatchObject({
      tasks: [{ command: ["echo", text, ""] }],
      attributes: {
        system: {
          job: { name: text },
          cwd: text,
          bank: text,
          shell: { options: { output: { stdout: { path: text } }, input: { stdin: { path: text } } } },
        },
      },
    });
  }); // prettier-ignore

  test("are a script's content, word for word", async () => {
    const world = fakeFlux();
    const script = `#!/bin/sh\n${nasty.join("\n")}\nEOF\n'"\\\n`;
    await submitScript({ script }, on(world));
    expect(world.jobs[0]?.jobspec.attributes.system["files"]).toMatchObject({ script: { data: script } });
    await submitBatch({ script, num_slots: 1 }, on(world));
    expect(world.jobs[1]?.jobspec.attributes.system["files"]).toMatchObject({ script: { data: script } });
    for (const { argv } of world.calls) expect(argv.join(" ")).not.toContain("rm -rf");
  });

  test("in a batch's options stay one word behind their flag", async () => {
    const world = fakeFlux();
    for (const name of nasty) await submitBatch({ script: "#!/bin/sh\n", num_slots: 1, name, bank: name, cwd: name }, on(world));
    const flags = world.calls.filter(({ argv }) => argv[1] === "batch").map(({ argv }) => argv.slice(3));
    expect(flags).toEqual(nasty.map((name) => ["--nslots=1", `--job-name=${name}`, `--bank=${name}`, `--cwd=${name}`]));
  }); // prettier-ignore

  test("line breaks and control characters in names are refused", async () => {
    for (const name of ["a\nb", "a\u0000b", "\u001b[31m", "a\u2028b", ""]) {
      await expect(submitJob({ command: ["true"], name }, on(fakeFlux()))).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
    }
  }); // prettier-ignore

  test("are no id, queue, user, rank, archive or address", async () => {
    const world = fakeFlux();
    const invalid = { code: "E_ARGUMENT_INVALID" };
    for (const text of nasty) {
      await expect(cancelJob({ job_id: text, confirm: true }, on(world))).rejects.toMatchObject(invalid);
      await expect(killJob({ job_id: text, confirm: true }, on(world))).rejects.toMatchObject(invalid);
      await expect(submitJob({ command: ["true"], queue: text }, on(world))).rejects.toMatchObject(invalid);
      await expect(listJobs({ user: text }, on(world))).rejects.toMatchObject(invalid);
      await expect(execCommand({ command: ["x"], ranks: text, confirm: true }, on(world))).rejects.toMatchObject(invalid);
      await expect(createArchive({ paths: ["x"], archive_name: text }, on(world))).rejects.toMatchObject(invalid);
      await expect(listJobs({ uri: text }, on(world))).rejects.toMatchObject(invalid);
    }
    expect(world.calls).toEqual([]);
  }); // prettier-ignore

  test("paths of an archive come after a double dash", async () => {
    const world = fakeFlux();
    await createArchive({ paths: ["--mmap", "x"], directory: "-y" }, on(world));
    expect(world.calls[0]?.argv.slice(3)).toEqual(["--name=main", "--directory=-y", "--", "--mmap", "x"]);
  });

  test("whatever the words, one command runs and they are in its input alone", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { minLength: 1, maxLength: 4 }), async (command) => {
        fc.pre(!command.some((word) => word.includes("\0")));
        const world = fakeFlux();
        await submitJob({ command }, on(world));
        expect(world.calls.map(({ argv }) => argv)).toEqual([["flux", "job", "submit"]]);
        expect(world.jobs[0]?.jobspec.tasks[0]?.command).toEqual(command);
      }),
      { numRuns: 100 },
    );
  }); // prettier-ignore
});
