import { createScriptedModel } from "@parley/llm";
import { createAgent } from "@parley/plans";
import { expect, it } from "vitest";
import { bench, fakeServer, watcher } from "./_bench.ts";

const servers = { one: fakeServer({ go: () => "went" }, { role: "Be brief." }) };

it("[PLN-58] an agent that may use a tool nobody has is refused before its model is asked", async () => {
  const model = createScriptedModel([]);
  const agent = (...tools: string[]) => createAgent({ servers, model, tools }).run("go");
  await expect(agent("go", "one/stop")).rejects.toMatchObject({
    code: "E_TOOL_UNKNOWN",
    message: 'The agent cannot have the tool one/stop: the server "one" has no tool "stop"; there is go.',
  });
  await expect(agent("stop")).rejects.toThrow('no server has a tool "stop"; there is go.');
  expect(model.requests).toEqual([]);
});

it("[PLN-58] without a server the flag that gives one is named", async () => {
  const text = "name: p\nsteps:\n  - { name: a, type: tool, tool: go, server: one }\n";
  const { runner, loaded } = await bench(text, { servers: {} });
  await expect(runner.start(loaded)).rejects.toMatchObject({
    code: "E_PLAN_INVALID",
    message: expect.stringContaining(
      'could have a tool "go": name one, as in --server one=http://127.0.0.1:8089/mcp',
    ),
  });
});

it("[PLN-58] tools that steps and agents of a plan may use are looked for before anything is done", async () => {
  const text = `name: p
agents: [{ name: bob, instruction: be Bob, tools: [went] }]
steps:
  - { name: a, instruction: go, tools: [go, one/stop] }
  - { name: b, agent: bob }
  - { name: c, type: prompt, prompt: role, tools: [halt] }
`;
  const { runner, loaded } = await bench(text, { servers, model: createScriptedModel([]) });
  await expect(runner.start(loaded)).rejects.toMatchObject({
    code: "E_PLAN_INVALID",
    details: {
      problems: [
        {
          line: 4,
          column: 45,
          path: "steps[0].tools[1]",
          message: 'the server "one" has no tool "stop"; there is go',
        },
        { line: 5, column: 16, path: "steps[1].agent", message: 'no server has a tool "went"; there is go' },
        {
          line: 6,
          column: 52,
          path: "steps[2].tools[0]",
          message: 'no server has a tool "halt"; there is go',
        },
      ],
    },
  });
});

it("[PLN-58] a planner that names a tool nobody has hears it each time, and so does the run", async () => {
  const wrong = JSON.stringify({ steps: [{ name: "x", type: "tool", tool: "halt" }] });
  const model = createScriptedModel(Array.from({ length: 6 }, () => wrong));
  const text = "name: p\nsteps: [{ name: make, type: plan, instruction: go }]\n";
  const { runner, loaded } = await bench(text, { servers, model, ui: watcher().ui });
  expect(await runner.start(loaded)).toMatchObject({
    status: "failure",
    error: {
      message: expect.stringMatching(
        /good in 6 rounds; of the last .*steps\[0\]\.tool: no server has a tool "halt"; there is go$/,
      ),
    },
  });
  expect(JSON.stringify(model.requests.at(1)?.messages)).toContain('no server has a tool \\"halt\\"');
});
