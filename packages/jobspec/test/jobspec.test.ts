import { createRun, which } from "@parley/exec";
import {
  countResources,
  explainJobspec,
  normaliseJobspec,
  parseJobspec,
  transform,
  validateJobspec,
  writeBatchJob,
} from "@parley/jobspec";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { corpus } from "./corpus.ts";
import { anyJob } from "./job-generator.ts";

const slot = { type: "slot", count: 1, label: "task", with: [{ type: "core", count: 1 }] };
const sound = {
  version: 1,
  resources: [slot],
  tasks: [{ command: ["true"], slot: "task", count: { per_slot: 1 } }],
  attributes: { system: { duration: 60 } },
};
const problemsOf = (value: unknown): string[] =>
  validateJobspec(value).problems.map(({ path, message }) => `${path}: ${message}`);

describe("[JSP-07] validateJobspec", () => {
  test("tells version 1 from canonical", () => {
    expect(validateJobspec(sound)).toEqual({ valid: true, form: "v1", problems: [], warnings: [] });
    const socket = { type: "socket", count: 2, with: [slot] };
    expect(validateJobspec({ ...sound, resources: [socket] }).form).toBe("canonical");
    expect(validateJobspec({ ...sound, attributes: null }).form).toBe("canonical");
    const inOneWord = { ...sound, tasks: [{ ...sound.tasks[0], command: "true" }] };
    expect(validateJobspec(inOneWord).form).toBe("canonical");
    const { form, warnings } = validateJobspec({ ...sound, version: 999 });
    expect([form, warnings]).toEqual([
      "canonical",
      [{ path: "/version", message: "flux-core takes version 1 only" }],
    ]);
  });

  // What flux 0.88 answered: `flux job-validator --jobspec-only` and `flux job submit`.
  test.each([
    ["Missing key (resources)", { ...sound, resources: undefined }, ": the key resources is missing"],
    ["Missing key (tasks)", { ...sound, tasks: undefined }, ": the key tasks is missing"],
    ["count must be > 0", { ...sound, resources: [{ ...slot, count: 0 }] }, "/resources/0/count: must be"],
    [
      "slot label",
      { ...sound, tasks: [{ ...sound.tasks[0], slot: "x" }] },
      '/tasks/0/slot: no slot has the label "x"',
    ],
    ["no object", [], ": must be an object"],
    [
      "unknown constraint operator",
      { ...sound, attributes: { system: { duration: 60, constraints: { having: ["ib"] } } } },
      "/attributes/system/constraints/having: is no operator",
    ],
    [
      "property that is no text",
      { ...sound, attributes: { system: { duration: 60, constraints: { properties: [1.5] } } } },
      "/attributes/system/constraints/properties/0: must be text",
    ],
    ["no command", { ...sound, tasks: [{ ...sound.tasks[0], command: [] }] }, "/tasks/0/command: must be"],
    [
      "negative time",
      { ...sound, attributes: { system: { duration: -1 } } },
      "/attributes/system/duration: must",
    ],
    [
      "label twice",
      { ...sound, resources: [slot, slot] },
      '/resources/1/label: the label "task" is used twice',
    ],
    [
      "no with",
      { ...sound, resources: [{ ...slot, with: undefined }] },
      "/resources/0: a slot needs resources",
    ],
    [
      "range",
      { ...sound, resources: [{ ...slot, count: { min: 4, max: 2 } }] },
      "/resources/0/count/max: must not",
    ],
    ["a~b/c", { ...sound, attributes: { "a~b/c": 1 } }, "/attributes/a~0b~1c: must be system or user"],
    [
      "environment",
      { ...sound, attributes: { system: { environment: { A: 1 } } } },
      "/attributes/system/environment/A",
    ],
  ])("finds: %s", (_what, value, problem) => {
    expect(problemsOf(value).join("\n")).toContain(problem);
    expect(validateJobspec(value).valid).toBe(false);
  });

  test("bounds depth and the number of problems", () => {
    let deep: Record<string, unknown> = slot;
    for (let level = 0; level < 5000; level += 1) deep = { type: "rack", count: 1, with: [deep] };
    expect(problemsOf({ ...sound, resources: [deep] }).join()).toContain("deeper than 32 levels");
    const wide = Array.from({ length: 5000 }, () => ({}));
    expect(problemsOf({ ...sound, resources: wide })).toHaveLength(100);
  });

  test("never throws, whatever it is given", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => typeof validateJobspec(value).valid === "boolean"));
  });
});

const written = corpus.map(({ name, text }) => ({
  name,
  jobspec: transform(text, { to: "flux-jobspec" }).text,
}));

describe("[JSP-08] what is written for Flux", () => {
  test.each(written)("$name becomes a jobspec of version 1", ({ jobspec }) => {
    expect(validateJobspec(parseJobspec(jobspec))).toMatchObject({ form: "v1", problems: [], warnings: [] });
  });

  test("every generated job becomes a jobspec of version 1", () => {
    fc.assert(
      fc.property(anyJob, (job) => {
        const { text } = writeBatchJob(job, { to: "flux-jobspec" });
        expect(validateJobspec(parseJobspec(text))).toMatchObject({ form: "v1", problems: [], warnings: [] });
      }),
    );
  });

  const flux = which("flux", process.env["PATH"] ?? "");
  test("a real flux job-validator takes it, where there is one", async ({ skip }) => {
    if ((await flux) === undefined) skip("no flux on PATH");
    const run = createRun({ timeoutMs: 30_000 });
    const lines = written.map(({ jobspec }) => JSON.stringify(JSON.parse(jobspec))).join("\n");
    const answer = await run(["flux", "job-validator", "--jobspec-only"], { input: `${lines}\n` });
    const answers = answer.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).errnum);
    expect(answers).toEqual(written.map(() => 0));
  });
});

describe("[JSP-09] normalise, count, explain", () => {
  test("one form for what means the same", () => {
    const loose = {
      attributes: null,
      tasks: [{ slot: "task", count: { per_slot: 1 }, command: "echo 'a b'", attributes: {} }],
      resources: [
        {
          with: [{ count: "2", type: "core", exclusive: true }],
          label: "task",
          exclusive: true,
          type: "slot",
          count: { min: 3, max: 3, operator: "+", operand: 1 },
        },
      ],
      version: 1,
    };
    expect(normaliseJobspec(loose)).toEqual({
      version: 1,
      resources: [{ type: "slot", count: 3, label: "task", with: [{ type: "core", count: 2 }] }],
      tasks: [{ command: ["echo", "a b"], slot: "task", count: { per_slot: 1 } }],
      attributes: { system: { duration: 0 } },
    });
  });

  test("normalising twice changes nothing more, and what was valid stays so", () => {
    for (const { jobspec } of written) {
      const once = normaliseJobspec(parseJobspec(jobspec));
      expect(normaliseJobspec(once)).toEqual(once);
      expect(validateJobspec(once).form).toBe("v1");
    }
  });

  test("counts over all branches", () => {
    const tree = [
      {
        type: "node",
        count: 2,
        with: [
          {
            type: "socket",
            count: 2,
            with: [
              {
                type: "slot",
                count: 1,
                label: "a",
                with: [
                  { type: "core", count: 4 },
                  { type: "gpu", count: 1 },
                ],
              },
              { type: "gpu", count: 1 },
            ],
          },
        ],
      },
    ];
    expect(countResources(tree)).toEqual({ node: 2, socket: 4, slot: 4, core: 16, gpu: 8 });
  });

  test("says in words what is asked for", () => {
    const { text } = writeBatchJob(
      {
        nodes: 2,
        tasksPerNode: 4,
        cpusPerTask: 8,
        gpusPerTask: 1,
        walltimeSeconds: 7200,
        name: "md",
        queue: "gpu",
        command: ["./md", "in put"],
        environment: { inherit: "none", variables: { TOKEN: "hunter2" } },
        constraints: ["h100"],
        excludeNodes: ["n9"],
      },
      { to: "flux-jobspec" },
    );
    const { summary, lines, counts } = explainJobspec(parseJobspec(text));
    expect(summary).toBe("2 nodes, each 4 slots of 8 cores and 1 GPU, 2h");
    expect(lines).toEqual([
      "In all: 2 nodes, 64 cores and 8 GPUs.",
      "Runs ./md 'in put' once in each slot (task).",
      "Its name is md.",
      "It may run 2h.",
      "It goes to the queue gpu.",
      "Nodes must have the properties h100 and not hostlist n9.",
      "Its environment has 1 variable: TOKEN.",
    ]);
    expect(lines.join()).not.toContain("hunter2");
    expect(counts).toEqual({ node: 2, slot: 8, core: 64, gpu: 8 });
  });

  test("explains ranges and refuses what is not valid", () => {
    const range = corpus.find(({ name }) => name === "flux-jobspec/range.yaml")?.text ?? "";
    expect(explainJobspec(parseJobspec(range)).summary).toBe(
      "1 cluster with 2 to 8 (each time * 2) whole nodes, each 1 slot of 16 cores, 2h",
    );
    expect(() => explainJobspec({})).toThrow(/version/);
    expect(() => normaliseJobspec("x")).toThrow(/not valid/);
  });
});
