import { writeFile } from "node:fs/promises";
import { createScriptedModel } from "@parley/llm";
import { createPlanRunner, listRuns, readRun } from "@parley/plans";
import { describe, expect, it } from "vitest";
import { bench, failed, fakeServer, watcher } from "./_bench.ts";

describe("[PLN-20] a run of tool steps", () => {
  const plan = `
name: build and check
inputs: { text: hi, times: 2 }
outputs: { said: "{{ steps.check.outputs.text }}", n: "{{ inputs.times }}" }
steps:
  - { name: build, type: tool, tool: build, inputs: { text: "{{ inputs.text }}", opts: { n: "{{ inputs.times }}" } } }
  - { name: check, type: tool, tool: check, inputs: { image: "{{ steps.build.outputs.image }}", all: "{{ steps.build.outputs }}" } }
`;
  it("passes outputs on with their kinds, and ends with the plan's outputs", async () => {
    const server = fakeServer({ build: () => ({ image: { id: 7 } }), check: () => "fine" });
    const { ui, told } = watcher();
    const { runner, loaded, database } = await bench(plan, { servers: { one: server }, ui });
    const outcome = await runner.start(loaded, { inputs: { text: "yo" } });
    expect(outcome).toMatchObject({
      status: "success",
      outputs: { said: "fine", n: 2 },
      metrics: { calls: 2 },
    });
    expect(server.calls).toEqual([
      { name: "build", args: { text: "yo", opts: { n: 2 } } },
      { name: "check", args: { image: { id: 7 }, all: { image: { id: 7 }, text: '{"image":{"id":7}}' } } },
    ]);
    expect(told).toContain("build: success -> check");
    const step = ["step.entered", "attempt.started", "attempt.finished", "transition"];
    const history = await readRun(database, outcome.runId);
    expect(history.record).toMatchObject({ status: "success", step: "success", plan: "build and check" });
    expect(history.events.map(({ event }) => event.type)).toEqual([
      "run.started",
      ...step,
      ...step,
      "run.ended",
    ]);
    expect(await listRuns(database)).toHaveLength(1);
  });

  it("[PLN-61] says what there is where a template names what is not there", async () => {
    const server = fakeServer({ build: () => ({ image: { id: 7 } }), check: () => "" });
    const slip = plan.replace("outputs.image }}", "outputs.image.nr }}");
    const { runner, loaded } = await bench(slip, { servers: { one: server } });
    expect(await runner.start(loaded)).toMatchObject({
      status: "failure",
      error: {
        message: expect.stringContaining(
          "undefined variable: steps.build.outputs.image.nr; steps.build.outputs.image has id.",
        ),
      },
    });
  });

  it("refuses inputs nobody declared, and needs those without a default", async () => {
    const server = fakeServer({ build: () => "", check: () => "" });
    const { runner, loaded } = await bench(plan.replace("text: hi", "text: null"), {
      servers: { one: server },
    });
    await expect(runner.start(loaded)).rejects.toThrow('needs the input "text"');
    await expect(runner.start(loaded, { inputs: { txt: 1 } })).rejects.toThrow(
      'has no input "txt"; it declares text, times',
    );
    expect(server.calls).toEqual([]);
  });
});

describe("[PLN-21] rules, loops and retries", () => {
  const plan = `
name: loop
steps:
  - name: make
    type: tool
    tool: make
    max_visits: 3
    rules: { failed: [not jobspec] }
    transitions: { failed: make }
  - name: validate
    type: tool
    tool: validate
    max_attempts: 2
    inputs: { content: "{{ steps.make.outputs.jobspec }}" }
    rules: { success: [valid] }
    transitions: { failed: make, success: success }
`;
  it("goes back until a condition holds", async () => {
    let made = 0;
    const server = fakeServer({
      make: () => ({ jobspec: `v${(made += 1)}` }),
      validate: ({ content }) => ({ valid: content === "v3" }),
    });
    const { runner, loaded } = await bench(plan, { servers: { one: server } });
    const outcome = await runner.start(loaded);
    expect(outcome).toMatchObject({ status: "success", visits: { make: 3, validate: 3 } });
    expect(server.calls.filter(({ name }) => name === "validate")).toHaveLength(5);
  });

  it("ends with E_PLAN_LIMIT when the loop is used up", async () => {
    const server = fakeServer({ make: () => ({}), validate: () => ({}) });
    const { runner, loaded } = await bench(plan, { servers: { one: server } });
    expect(await runner.start(loaded)).toMatchObject({
      status: "failure",
      error: {
        code: "E_PLAN_LIMIT",
        message: "Step make was come to 3 times, which is its limit (max_visits).",
      },
    });
  });

  it("tries again, tells why it failed, and follows an event of its own", async () => {
    let tries = 0;
    const server = fakeServer({
      flaky: () => ((tries += 1) < 3 ? failed("no luck") : { colour: "red" }),
      paint: () => "ok",
    });
    const { ui, finishes } = watcher();
    const { runner, loaded } = await bench(
      `
name: colours
steps:
  - { name: a, type: tool, tool: flaky, max_attempts: 3, retry_seconds: 1, rules: { red: [colour == "red"] }, transitions: { red: c } }
  - { name: b, type: tool, tool: paint }
  - { name: c, type: tool, tool: paint }
`,
      { servers: { one: server }, ui },
    );
    expect(await runner.start(loaded)).toMatchObject({ status: "success", visits: { a: 1, c: 1 } });
    expect(finishes.map(({ step, event, next, error }) => [step, event, next, error?.message])).toEqual([
      ["a", "failure", undefined, "no luck"],
      ["a", "failure", undefined, "no luck"],
      ["a", "red", "c", 'The rule "colour == "red"" says red.'],
      ["c", "success", "success", undefined],
    ]);
  });

  it("counts a status of a program, error and errors as failures", async () => {
    for (const result of [{ returncode: 2 }, { error: "bad" }, { errors: ["x"] }]) {
      const server = fakeServer({ go: () => result });
      const { runner, loaded } = await bench("name: p\nsteps: [{ name: a, type: tool, tool: go }]", {
        servers: { one: server },
      });
      expect(await runner.start(loaded)).toMatchObject({
        status: "failure",
        error: { code: "E_TOOL_FAILED" },
      });
    }
    const server = fakeServer({ go: () => ({ returncode: 0, error: null, errors: [] }) });
    const { runner, loaded } = await bench("name: p\nsteps: [{ name: a, type: tool, tool: go }]", {
      servers: { one: server },
    });
    expect(await runner.start(loaded)).toMatchObject({ status: "success" });
  });
});

describe("[PLN-22] before anything is done", () => {
  it("finds tools, prompts and arguments that servers do not have, with their places", async () => {
    const inputSchema = {
      type: "object",
      properties: { a: {} },
      required: ["a"],
      additionalProperties: false,
    };
    const one = fakeServer({ go: { handler: () => "", inputSchema }, both: () => "" });
    const two = fakeServer({ both: () => "" });
    const { runner, loaded, path } = await bench(
      `
name: p
steps:
  - { name: a, type: tool, tool: gone }
  - { name: b, type: tool, tool: go, inputs: { c: 1 } }
  - { name: c, type: tool, tool: both }
  - { name: d, type: prompt, prompt: nope, server: two }
`,
      { servers: { one, two }, model: createScriptedModel([]) },
    );
    const error = await runner.start(loaded).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "E_PLAN_INVALID" });
    const { problems } = (
      error as { details: { problems: { line: number; path: string; message: string }[] } }
    ).details;
    expect(String(error)).toContain(
      `${path}:4:28: steps[0].tool: no server has a tool "gone"; there is go, both, both (and 4 more`,
    );
    expect(problems.map(({ line, message }) => [line, message])).toEqual([
      [4, 'no server has a tool "gone"; there is go, both, both'],
      [5, 'the tool go needs "a"'],
      [5, 'the tool go takes no "c"; it takes a'],
      [6, '"one" and "two" both have a tool "both": say which under server'],
      [7, 'the server "two" has no prompt "nope"; there is none'],
    ]);
    expect([...one.calls, ...two.calls]).toEqual([]);
  });

  it("says which step needs a model", async () => {
    const { runner, loaded } = await bench("name: p\nsteps: [{ name: a, inputs: { goal: sing } }]", {
      servers: {},
    });
    await expect(runner.start(loaded)).rejects.toThrow(
      "Step a is done by a model, and none is set: give --llm-model NAME.",
    );
  });
});

describe("[PLN-23] a plan file that changes under its run", () => {
  const plan = "name: p\nsteps: [{ name: a, type: tool, tool: go }, { name: b, type: tool, tool: go }]\n";
  it("stops the run with both digests, and the old file lets it go on", async () => {
    let change: () => Promise<void> = async () => undefined;
    const server = fakeServer({ go: async () => (await change(), "ok") });
    const { runner, loaded, path } = await bench(plan, { servers: { one: server } });
    change = async () => await writeFile(path, `${plan}# changed\n`);
    const outcome = await runner.start(loaded);
    expect(outcome).toMatchObject({ status: "stopped", visits: { a: 1 }, error: { code: "E_PLAN_CHANGED" } });
    expect(outcome.error?.message).toMatch(
      /plan\.yaml has changed since the run run_\w+ began \(sha256 [0-9a-f]{12} then, [0-9a-f]{12} now\): put the old file back/,
    );
    await expect(runner.resume(outcome.runId)).rejects.toMatchObject({ code: "E_PLAN_CHANGED" });
    change = async () => undefined;
    await writeFile(path, plan);
    expect(await runner.resume(outcome.runId)).toMatchObject({ status: "success", visits: { a: 1, b: 1 } });
    expect(server.calls).toHaveLength(2);
  });
});

describe("[PLN-24] limits", () => {
  const plan = (limits: string) =>
    `name: p\nlimits: ${limits}\nsteps: [{ name: a, type: tool, tool: go, max_visits: 50, transitions: { success: a } }]`;
  it.each([
    ["{ transitions: 4 }", "failure", "The plan came to 4 steps", 4],
    ["{ calls: 3 }", "stopped", "used 3 of 3 calls of tools", 3],
  ])("%s", async (limits, status, message, calls) => {
    const server = fakeServer({ go: () => "ok" });
    const { runner, loaded } = await bench(plan(limits), { servers: { one: server } });
    const outcome = await runner.start(loaded);
    expect(outcome).toMatchObject({
      status,
      error: { code: "E_PLAN_LIMIT", message: expect.stringContaining(message) },
    });
    expect(server.calls).toHaveLength(calls);
  });

  it("ends a call that takes longer than the run may, and a larger limit lets it go on", async () => {
    let slow = true;
    const wait = async (_args: unknown, signal?: AbortSignal) => {
      if (slow)
        await new Promise((_resolve, reject) =>
          signal?.addEventListener("abort", () => reject(signal.reason)),
        );
      return "ok";
    };
    const server = fakeServer({ wait: { handler: wait, annotations: { readOnlyHint: true } } });
    const { runner, loaded, database } = await bench(
      "name: p\nlimits: { seconds: 0.05 }\nsteps: [{ name: a, type: tool, tool: wait }]",
      {
        servers: { one: server },
      },
    );
    const outcome = await runner.start(loaded);
    expect(outcome).toMatchObject({ status: "stopped", error: { code: "E_PLAN_LIMIT" } });
    slow = false;
    const larger = createPlanRunner({ database, servers: { one: server }, limits: { seconds: 60 } });
    expect(await larger.resume(outcome.runId)).toMatchObject({ status: "success" });
  });
});
