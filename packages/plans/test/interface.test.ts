import { join } from "node:path";
import { createCliInterface, createJsonInterface, readAnswers } from "@parley/plans";
import type { Question } from "@parley/plans";
import { describe, expect, it } from "vitest";
import { bench, fakeServer, folder } from "./_bench.ts";

const plan = `
name: deploy
steps:
  - { name: build, type: tool, tool: build }
  - { name: deploy, type: tool, tool: deploy, confirm: "Deploy {{ steps.build.outputs.text }}?" }
`;
const server = fakeServer({ build: () => "v1\u001B[31m", deploy: () => "ok" });
const question: Question = { id: "a.ask", runId: "r", step: "a", text: "Which?" };
const { signal } = new AbortController();

describe("[PLN-30] the plain interface", () => {
  it("shows a run as lines without control characters, and takes answers from a file", async () => {
    const answers = await readAnswers(join(await folder({ "a.yaml": "deploy.confirm: yes\n" }), "a.yaml"));
    const lines: string[] = [];
    const ui = createCliInterface({ write: (line) => lines.push(line), answers });
    const { runner, loaded } = await bench(plan, { servers: { one: server }, ui });
    const { runId } = await runner.start(loaded);
    const shown = lines.map((line) => line.replace(runId, "RUN").replace(/\(\d+ ms/, "(N ms"));
    expect(shown).toEqual([
      "deploy: run RUN begins",
      "> build (tool)",
      "  call build: {}",
      "  result build: v1 [31m",
      "< build: success -> deploy",
      "> deploy (tool)",
      "  call deploy: {}",
      "  result deploy: ok",
      "< deploy: success -> success",
      "run RUN: success (N ms, 2 calls)",
    ]);
  });

  it("refuses questions without a terminal, and says how they can be answered", async () => {
    const ui = createCliInterface({ write: () => undefined });
    const { runner, loaded } = await bench(plan, { servers: { one: server }, ui });
    expect(await runner.start(loaded)).toMatchObject({
      status: "stopped",
      visits: { build: 1, deploy: 1 },
      error: {
        code: "E_INPUT_UNSUPPORTED",
        message: expect.stringMatching(
          /no terminal to ask deploy\.confirm at \(Deploy v1 .*: give the answer in a file with --answers\.$/,
        ),
      },
    });
  });

  it("asks at a terminal until an answer fits", async () => {
    const typed = ["maybe", "s", "", "other", "", "x"];
    const prompts: string[] = [];
    const readLine = async (prompt: string) => (prompts.push(prompt), typed.shift() ?? "");
    const ui = createCliInterface({ write: (line) => prompts.push(line), readLine });
    const options = ["success", "failure"];
    expect(await ui.ask({ ...question, options }, { signal })).toBe("success");
    expect(prompts).toEqual([
      "? Which? [success/failure] ",
      "Answer one of: success, failure.",
      "? Which? [success/failure] ",
    ]);
    expect(await ui.ask({ ...question, options, initial: "failure" }, { signal })).toBe("failure");
    expect(await ui.ask({ ...question, options, free: true }, { signal })).toBe("other");
    expect(await ui.ask(question, { signal })).toBe("x");
  });

  it("takes answers in turn, and refuses a file that does not fit", async () => {
    const directory = await folder({ "a.yaml": "a.ask: [1, two]\nb.ask: maybe\n", "b.yaml": "a: {b: 1}\n" });
    const answers = await readAnswers(join(directory, "a.yaml"));
    expect([1, 2, 3].map(() => answers.take(question))).toEqual(["1", "two", "two"]);
    expect(() => answers.take({ ...question, id: "b.ask", options: ["yes", "no"] })).toThrow(
      'the answer to b.ask is "maybe"; there is yes, no.',
    );
    await expect(readAnswers(join(directory, "b.yaml"))).rejects.toThrow("b.yaml:1:1: a: Invalid input");
  });

  it("shows a run as JSON, one document a line", async () => {
    const lines: string[] = [];
    const ui = createJsonInterface({ write: (line) => lines.push(line), ask: async () => "yes" });
    const { runner, loaded } = await bench(plan, { servers: { one: server }, ui });
    await runner.start(loaded);
    const events = lines.map((line): { event: string; data: Record<string, unknown> } => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual([
      "start",
      "step_start",
      "step_update",
      "step_update",
      "step_finish",
      "ask",
      "step_start",
      "step_update",
      "step_update",
      "step_finish",
      "complete",
    ]);
    expect(events[0]?.data).toMatchObject({
      plan: { initial: "build", steps: [{ name: "build", transitions: { success: "deploy" } }, {}] },
    });
  });
});

describe("[PLN-31] an interface that breaks", () => {
  it("is told of no more, and the run goes on", async () => {
    const lines: string[] = [];
    const ui = createCliInterface({ write: (line) => void lines.push(line) });
    const broken = {
      ...ui,
      onStepStart: () => {
        throw new Error("no screen");
      },
    };
    const { runner, loaded } = await bench(plan.replace(/, confirm: .*\}\n/, " }\n"), {
      servers: { one: server },
      ui: broken,
    });
    expect(await runner.start(loaded)).toMatchObject({ status: "success" });
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe("error: The interface broke: no screen");
  });

  it("does not confirm what a person refused", async () => {
    const calls = server.calls.length;
    const ui = createCliInterface({ write: () => undefined, readLine: async () => "no" });
    const { runner, loaded } = await bench(plan, { servers: { one: server }, ui });
    expect(await runner.start(loaded)).toMatchObject({
      status: "failure",
      error: { message: "Step deploy was not confirmed." },
    });
    expect(server.calls).toHaveLength(calls + 1);
  });
});
