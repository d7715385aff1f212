import { join } from "node:path";
import { checkPlan, loadPlan, maxPlanBytes, parsePlan, problemText } from "@parley/plans";
import { describe, expect, it } from "vitest";
import { folder } from "./_bench.ts";

/** The problems of a plan, as people see them. */
async function problems(
  text: string,
  files: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const directory = await folder({ "plan.yaml": text, ...files });
  const found = await checkPlan(join(directory, "plan.yaml"));
  return found.problems.map((problem) => problemText(problem).replaceAll(`${directory}/`, ""));
}

const step = (rest: string): string => `name: p\nsteps:\n  - name: a\n    type: tool\n    tool: go\n${rest}`;

describe("[PLN-01] what is wrong with a plan file, with its place", () => {
  it.each([
    [
      "a target nobody has",
      step("    transitions:\n      success: biuld\n"),
      'plan.yaml:7:7: steps[0].transitions.success: no step is called "biuld"; there is a, success, failure',
    ],
    [
      "a key nobody has",
      step("    inptus: {}\n"),
      'plan.yaml:6:5: steps[0].inptus: there is no key "inptus"',
    ],
    [
      "a type nobody has",
      "name: p\nsteps:\n  - { name: a, type: tol }\n",
      "plan.yaml:3:16: steps[0].type: no step is of this type; there is prompt, tool, agent, plan",
    ],
    [
      "a name that is taken",
      step("  - { name: a, type: tool, tool: go }\n"),
      'plan.yaml:6:7: steps[1].name: "a" is taken',
    ],
    [
      "a variable nobody has",
      step('    inputs: { x: "{{ steps.b.outputs.y }}" }\n'),
      'plan.yaml:6:15: steps[0].inputs.x: there is no variable "steps.b": no step is called "b"; there is a',
    ],
    [
      "an input nobody declares",
      step('    inputs: { x: ["{{ inputs.y }}"] }\n'),
      'plan.yaml:6:19: steps[0].inputs.x[0]: there is no variable "inputs.y": the plan declares none under inputs',
    ],
    [
      "another root",
      step('    instruction: "{{ env.HOME }}"\n'),
      'plan.yaml:6:5: steps[0].instruction: there is no variable "env"; there is steps.NAME.outputs.KEY, inputs.NAME and run.id',
    ],
    [
      "a template that is none",
      step('    inputs: { x: "{{ steps.a.outputs.x" }\n'),
      'plan.yaml:6:15: steps[0].inputs.x: cannot be read: output "{{ steps.a.outputs.x" not closed',
    ],
    [
      "a condition that is none",
      step("    rules: { success: [valid =] }\n"),
      'plan.yaml:6:24: steps[0].rules.success[0]: cannot be read: expected "|" before filter',
    ],
    [
      "a loop without a limit",
      step("    transitions: { failure: a }\n"),
      'plan.yaml:6:20: steps[0].transitions.failure: goes back to "a" without a limit: give "a" or another step of the loop max_visits',
    ],
    [
      "an event nobody raises",
      step("    transitions: { sucess: success }\n"),
      'plan.yaml:6:20: steps[0].transitions.sucess: nothing raises "sucess": there is success, failure, unknown, limit, and what rules name',
    ],
    [
      "a rule that leads nowhere",
      step("    rules: { odd: [x] }\n"),
      'plan.yaml:6:14: steps[0].rules.odd: "odd" leads nowhere: add it to transitions',
    ],
    [
      "an agent nobody defines",
      "name: p\nsteps:\n  - { name: a, agent: bob }\n",
      'plan.yaml:3:16: steps[0].agent: no agent is called "bob"; there is none',
    ],
    [
      "a plan that is not there",
      "name: p\nsteps:\n  - { name: a, type: plan, plan: in.yaml }\n",
      "plan.yaml:3:28: steps[0].plan: in.yaml cannot be read: there is no such file",
    ],
    [
      "a plan that runs itself",
      "name: p\nsteps:\n  - { name: a, type: plan, plan: ./plan.yaml }\n",
      "plan.yaml:3:28: steps[0].plan: the plan would run itself",
    ],
    [
      "a step that says nothing",
      "name: p\nsteps:\n  - { name: a, type: tool }\n",
      'plan.yaml:3:5: steps[0]: a step of type tool needs "tool"',
    ],
    [
      "no YAML",
      "name: [\n",
      "plan.yaml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
    ["a key twice", "name: p\nname: q\nsteps: []\n", "plan.yaml:2:1: Map keys must be unique"],
    ["nothing", "# later\n", "plan.yaml:1:1: write a mapping (key: value) here, not nothing"],
    [
      "rules in a list",
      "name: p\nsteps:\n  - name: a\n    rules: ['[ok]']\n",
      "plan.yaml:4:5: steps[0].rules: write a mapping (key: value) here, not a list",
    ],
    ["no mapping", "hello\n", "plan.yaml:1:1: write a mapping (key: value) here, not a text"],
  ])("%s", async (_what, text, expected) => {
    expect(await problems(text)).toContain(expected);
  });

  it("finds all of them, those of files inside too, and none in a good plan", async () => {
    const outer =
      "name: p\nagents: [bob.yaml]\nsteps:\n  - { name: a, type: plan, plan: in.yaml }\n  - { name: b, agent: bob }\n";
    const files = { "in.yaml": step(""), "bob.yaml": "name: bob\ninstruction: be Bob\n" };
    expect(await problems(outer, files)).toEqual([]);
    expect(
      await problems(outer, { ...files, "in.yaml": step("    tol: x\n"), "bob.yaml": "nam: bob\n" }),
    ).toEqual([
      'plan.yaml:5:16: steps[1].agent: no agent is called "bob"; there is none',
      "bob.yaml:1:1: name: it is missing: write a text",
      'bob.yaml:1:1: nam: there is no key "nam"',
      'in.yaml:6:5: steps[0].tol: there is no key "tol"',
    ]);
  });

  it("takes at most 2 MiB of UTF-8", async () => {
    const directory = await folder({ "big.yaml": "#".repeat(maxPlanBytes + 1) });
    await expect(loadPlan(join(directory, "big.yaml"))).rejects.toThrow(
      "larger than 2 MiB, the most a plan may be.",
    );
    await expect(loadPlan(directory)).rejects.toThrow("cannot be read: it is a directory.");
  });

  it("holds out against aliases that would expand without bound", async () => {
    const bomb = [
      "x0: &x0 [a]",
      ...Array.from({ length: 12 }, (_, n) => `x${n + 1}: &x${n + 1} [${`*x${n},`.repeat(9)}]`),
    ];
    expect((await problems(bomb.join("\n")))[0]).toMatch(/^plan\.yaml:1:1: Excessive alias count/);
  });
});

describe("[PLN-02] plans written for other runners", () => {
  it("are read: failed means failure, a step without type is an agent, names are titles", async () => {
    const { loaded } = await parsePlan(
      `name: "Transform Jobspec from Flux to Slurm"
steps:
  - name: transform
    type: prompt
    prompt: transform_jobspec_expert
    allow_tools: false
    max_visits: 3
    transitions: { failed: transform, success: validate }
    rules: { failed: [not jobspec] }
  - name: validate
    inputs: { goal: Check it. }
    transitions: { failed: failed }
`,
      "old.yaml",
    );
    expect(loaded?.plan.steps.get("transform")).toMatchObject({
      transitions: { failure: "transform", success: "validate", limit: "failure" },
      rules: [["failure", ["not jobspec"]]],
    });
    expect(loaded?.plan.steps.get("validate")).toMatchObject({
      spec: { type: "agent" },
      transitions: { success: "success", failure: "failure" },
    });
  });
});

describe("[PLN-59] steps that no run comes to", () => {
  const chain = (second: string): string =>
    `name: p\nsteps:\n  - { name: a, type: tool, tool: go, transitions: { success: c${second} } }\n` +
    "  - { name: b, type: tool, tool: go }\n  - { name: c, type: tool, tool: go }\n";

  it("are problems where they stand, those behind them too", async () => {
    expect(await problems(chain(""))).toEqual([
      'plan.yaml:4:5: steps[1]: no way leads here from "a", where a run begins: name "b" in transitions, or take the step out',
    ]);
    const later = chain("").replace("name: c, ", "name: c, initial: true, ");
    expect((await problems(later)).map((text) => text.slice(0, 24))).toEqual([
      "plan.yaml:3:5: steps[0]:",
      "plan.yaml:4:5: steps[1]:",
    ]);
  });

  it("are none when any event leads to them", async () => {
    expect(await problems(chain(", failure: b"))).toEqual([]);
  });
});
