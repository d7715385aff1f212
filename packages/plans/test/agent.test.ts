import { ParleyError } from "@parley/core";
import { createScriptedModel } from "@parley/llm";
import { createAgent } from "@parley/plans";
import type { AgentEvent } from "@parley/plans";
import { describe, expect, it } from "vitest";
import { bench, failed, fakeServer, watcher } from "./_bench.ts";

const call = (name: string, args: Readonly<Record<string, unknown>> = {}) => ({
  id: "x",
  name,
  arguments: args,
});

describe("[PLN-40] an agent whose role is a prompt", () => {
  it("uses tools, prompts and resources of several servers, asks, and gives its transcript", async () => {
    const one = fakeServer(
      { count: ({ of }) => ({ words: String(of).length }), same: () => "one" },
      { translate: "Translate {script} for {to}.", style: "Be brief." },
      { "doc://rules": "No tabs." },
    );
    const two = fakeServer({ same: () => "two" });
    const model = createScriptedModel([
      { toolCalls: [call("count", { of: "abc" }), call("two_same")] },
      { toolCalls: [call("read_resource", { uri: "doc://rules" }), call("get_prompt", { name: "style" })] },
      { toolCalls: [call("ask_user", { question: "Which?", options: ["a", "b"] }), call("nothing")] },
      'Here:\n```json\n{"jobspec": "#flux", "reason": "asked"}\n```',
    ]);
    const events: AgentEvent[] = [];
    const agent = createAgent({
      prompt: { name: "translate", arguments: { script: "x.sh" } },
      servers: { one, two },
      model,
      ask: async ({ text }) => `answer to ${text}`,
    });
    const result = await agent.run("Be quick.", {
      arguments: { to: "flux" },
      onEvent: (event) => void events.push(event),
    });
    expect(result).toMatchObject({
      outputs: { jobspec: "#flux", reason: "asked", words: 3 },
      used: { calls: 6 },
      error: undefined,
    });
    const [first] = model.requests;
    expect(first?.messages).toEqual([
      { role: "user", content: "Translate x.sh for flux." },
      { role: "user", content: "Be quick." },
    ]);
    expect(first?.tools?.map(({ name }) => name)).toEqual([
      "count",
      "one_same",
      "two_same",
      "read_resource",
      "get_prompt",
      "ask_user",
    ]);
    expect(
      result.transcript.flatMap((message) => (message.role === "tool" ? [message.content] : [])),
    ).toEqual([
      '{"words":3}',
      "two",
      "No tabs.",
      "Be brief.",
      "answer to Which?",
      "There is no tool nothing; there is count, one_same, two_same, read_resource, get_prompt, ask_user.",
    ]);
    expect(events.filter(({ type }) => type === "call.finished")).toHaveLength(6);
  });

  it("keeps to its tools, turns, calls and tokens", async () => {
    const server = fakeServer({ a: () => "a", b: () => "b" });
    const servers = { s: server };
    const always = () =>
      createScriptedModel(() => ({ toolCalls: [call("a")], usage: { inputTokens: 10, outputTokens: 5 } }));
    const turns = await createAgent({ servers, model: always(), limits: { turns: 3 } }).run("go");
    expect(turns.error).toEqual({
      code: "E_PLAN_LIMIT",
      message: "The model was not done after 3 turns, which is the limit (max_turns).",
    });
    await expect(createAgent({ servers, model: always(), limits: { calls: 2 } }).run("go")).rejects.toThrow(
      "used up its 2 calls of tools",
    );
    await expect(createAgent({ servers, model: always(), limits: { tokens: 40 } }).run("go")).rejects.toThrow(
      "used up its 40 tokens",
    );
    const few = always();
    await createAgent({ servers, model: few, tools: ["b"], limits: { turns: 1 } }).run("go");
    expect(few.requests[0]?.tools?.map(({ name }) => name)).toEqual(["b"]);
    await expect(createAgent({ servers, model: few, tools: ["c"] }).run("go")).rejects.toMatchObject({
      code: "E_TOOL_UNKNOWN",
    });
    await expect(createAgent({ servers, model: few }).run()).rejects.toThrow(
      "needs a prompt, an instruction or a goal",
    );
  });

  it("waits for a busy model, and hands on that a key is missing", async () => {
    const busy = new ParleyError("E_LLM_RATE_LIMITED", "busy", { details: { retryAfterMs: 1 } });
    const model = createScriptedModel([busy, "done"]);
    expect((await createAgent({ servers: {}, model, random: () => 0 }).run("go")).text).toBe("done");
    const keyless = createScriptedModel([
      new ParleyError("E_LLM_KEY", "The model x needs a key; set OPENAI_API_KEY."),
    ]);
    await expect(createAgent({ servers: {}, model: keyless }).run("go")).rejects.toThrow(
      "set OPENAI_API_KEY",
    );
  });
});

describe("[PLN-41] steps that a model does", () => {
  it("fill in a prompt, pass on fields, tell of an earlier failure, and keep a conversation", async () => {
    const server = fakeServer(
      { check: ({ text }) => (text === "b" ? "fine" : failed("too short")) },
      { write: "Write about {topic}." },
    );
    const model = createScriptedModel(['{"draft": "a"}', '{"draft": "b"}']);
    const { runner, loaded } = await bench(
      `
name: p
steps:
  - name: write
    type: prompt
    prompt: write
    inputs: { topic: sea }
    instruction: "{{ steps.check.error.message | default: 'Begin.' }}"
    persist: true
    max_visits: 2
  - { name: check, type: tool, tool: check, inputs: { text: "{{ steps.write.outputs.draft }}" }, transitions: { failure: write } }
`,
      { servers: { s: server }, model },
    );
    expect(await runner.start(loaded)).toMatchObject({ status: "success", visits: { write: 2 } });
    expect(model.requests[1]?.messages.map(({ content }) => content)).toEqual([
      "Write about sea.",
      "Begin.",
      '{"draft": "a"}',
      "Write about sea.",
      "too short",
    ]);
  });

  it("are judged in words where the plan says so, and fail when the model says it cannot", async () => {
    const model = createScriptedModel([
      "first",
      '{"pass": false, "reason": "no rhyme"}',
      "second",
      '{"pass": true, "reason": ""}',
      '{"error": "I cannot"}',
    ]);
    const text =
      "name: p\nsteps:\n  - { name: a, instruction: Rhyme., judge: It rhymes., max_attempts: 2 }\n  - { name: b, instruction: Fly. }\n";
    const { ui, finishes } = watcher();
    const { runner, loaded } = await bench(text, { servers: {}, model, ui });
    expect(await runner.start(loaded)).toMatchObject({ status: "failure", error: { message: "I cannot" } });
    expect(finishes.map(({ event }) => event)).toEqual(["failure", "success", "failure"]);
    expect(model.requests[2]?.messages[0]?.content).toBe("Rhyme.\n\nAn earlier try failed: no rhyme");
  });

  it("use agents of the plan, of a file, and of the program that runs it", async () => {
    const server = fakeServer({}, { role: "You are {who}." });
    const model = createScriptedModel(["one", "two"]);
    const used = { durationMs: 0, calls: 0 };
    const own = {
      run: async (goal?: string) => ({
        text: "three",
        outputs: { text: `three ${goal}` },
        used,
        transcript: [],
      }),
    };
    const text = `
name: p
agents: [{ name: bob, prompt: role }, eve.yaml]
steps:
  - { name: a, agent: bob, inputs: { who: Bob } }
  - { name: b, agent: eve, inputs: { goal: sing, key: c } }
  - { name: c, agent: ours, instruction: dance }
`;
    const files = { "eve.yaml": "name: eve\ninstruction: You are Eve.\n" };
    const { runner, loaded } = await bench(text, {
      servers: { s: server },
      model,
      files,
      agents: { ours: own },
    });
    expect(await runner.start(loaded)).toMatchObject({ status: "success", outputs: { text: "three dance" } });
    expect(model.requests.map(({ messages }) => messages.map(({ content }) => content))).toEqual([
      ["You are Bob."],
      ['You are Eve.\n\nsing\n\nInputs: {"key":"c"}'],
    ]);
  });
});

describe("[PLN-27] a plan that a model makes", () => {
  it("is checked, changed as a person wants, approved, and run as a plan of its own", async () => {
    const server = fakeServer({ add: ({ a, b }) => ({ sum: Number(a) + Number(b) }) });
    const steps = (b: number) =>
      JSON.stringify({ steps: [{ name: "sum", type: "tool", tool: "add", inputs: { a: 1, b } }] });
    const bad = JSON.stringify({
      steps: [{ name: "sum", type: "tool", tool: "add", transitions: { success: "nowhere" } }],
    });
    const model = createScriptedModel([bad, steps(1), steps(2)]);
    const answers = ["use 2", "yes"];
    const { ui, questions } = watcher();
    const asking = {
      ...ui,
      ask: async (...given: Parameters<typeof ui.ask>) => (questions.push(given[0]), answers.shift() ?? ""),
    };
    const { runner, loaded } = await bench(
      "name: p\nsteps: [{ name: planner, type: plan, instruction: Add up. }]",
      {
        servers: { s: server },
        model,
        ui: asking,
      },
    );
    expect(await runner.start(loaded)).toMatchObject({ status: "success", outputs: { sum: 3 } });
    expect(questions[0]).toMatchObject({
      id: "planner.plan",
      text: expect.stringContaining("1. sum (tool add)"),
      free: true,
    });
    expect(model.requests[1]?.messages.at(-1)?.content).toContain('no step is called "nowhere"');
    expect(model.requests[2]?.messages.at(-1)?.content).toBe("That will not do: use 2");
  });
});
