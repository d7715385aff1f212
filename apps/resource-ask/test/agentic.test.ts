import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFakeHub, dispatched, failure, recordedNegotiation } from "./_fake-hub.ts";
import { createSecretaryProgram } from "../src/secretary/program.ts";
import { run } from "./_run.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "resource-ask-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

const hubOf = (tools: Parameters<typeof createFakeHub>[0] = {}) =>
  createFakeHub({
    ...tools,
    satisfy_job: () => recordedNegotiation(),
    get_negotiation: () => recordedNegotiation(),
    dispatch_job: () => dispatched(),
  });

const ranking = (id: string): string =>
  JSON.stringify([JSON.stringify({ ranking: [{ id, reason: "it fits" }] })]);

describe("--select agentic", () => {
  it("asks the caller's model here, on the full negotiation, and dispatches what it chose", async () => {
    const script = await file("good.yaml", ranking("10"));
    const hub = hubOf();
    const ran = await run(["negotiate", "x", "--select", "agentic", "--llm-script", script], { hub });
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toContain('scripted says "it fits"');
    expect(hub.calls.map(({ tool }) => tool)).toEqual(["satisfy_job", "get_negotiation", "dispatch_job"]);
    expect(hub.calls[2]?.args).toMatchObject({ worker_id: "10" });
  });

  it("never dispatches to a site that the gate did not pass, whatever the model says", async () => {
    const script = await file(
      "bad.yaml",
      JSON.stringify([...JSON.parse(ranking("11")), ...JSON.parse(ranking("11"))]),
    );
    const hub = hubOf();
    const command = [
      "negotiate",
      "x",
      "--select",
      "agentic",
      "--select",
      "soonest",
      "--llm-script",
      script,
      "--json",
    ];
    const ran = await run(command, { hub });
    expect(JSON.parse(ran.out).selection).toMatchObject({
      worker_id: "10",
      metadata: {
        algorithm: "soonest",
        tried: ["agentic", "soonest"],
        model: "scripted",
        fallback: expect.stringContaining('"11" is no candidate'),
      },
    });
  });

  it.each(["E_LLM_NONE", "E_SELECT_UNKNOWN", "E_TOOL_UNKNOWN"])(
    "chooses without a model where none is named and the hub says %s, and says which option names one",
    async (code) => {
      const hub = hubOf({ select_worker: () => failure(code, "No model here.") });
      const ran = await run(["select", "x", "--select", "agentic"], { hub });
      expect(ran).toMatchObject({ code: 0 });
      expect(ran.out).toContain("Selected 10.");
      expect(ran.out).toContain("No model was followed: No model is named: give --llm-model NAME.");
    },
  );

  it("[LLM-18] lets the hub choose by its model where none is named, and takes its other faults as they are", async () => {
    const selection = {
      worker_id: "10",
      status: "SELECTED",
      reasoning: 'hub:m says "it fits"',
      ranked: [],
      metadata: { tried: ["agentic"], algorithm: "agentic", model: "hub:m" },
    };
    const hub = hubOf({ select_worker: () => ({ negotiation_id: "n", ...selection }) });
    const ran = await run(["select", "x", "--select", "agentic"], { hub });
    expect(ran.out).toContain('hub:m says "it fits"');
    expect(hub.calls.map(({ tool }) => tool)).toEqual(["satisfy_job", "select_worker"]);
    expect(hub.calls[1]?.args).toMatchObject({ strategies: ["agentic"] });
    const broken = hubOf({ select_worker: () => failure("E_AUTH_FORBIDDEN", "Not you.") });
    expect(await run(["select", "x", "--select", "agentic"], { hub: broken })).toMatchObject({
      code: 4,
      err: expect.stringContaining("Not you."),
    });
  });

  it("reads its model from the seed's variables", async () => {
    const env = { RESOURCE_SECRETARY_LLM: "gemini", RESOURCE_SECRETARY_MODEL: "flash" };
    const ran = await run(["select", "x", "--select", "agentic"], { hub: hubOf(), env });
    expect(ran.out).toContain("The model gemini:flash needs a key; set GEMINI_API_KEY.");
  });

  it.each([
    [["--llm-backend", "oracle"], /oracle.*one of openai, gemini, anthropic/],
    [["--llm-script", "/nowhere.yaml"], /--llm-script: \/nowhere\.yaml holds no list of answers/],
    [["--llm-replay", "/nowhere.json"], /\/nowhere\.json holds no recording/],
    [["--llm-model", "m", "--llm-script", "s"], /Give one of --llm-model, --llm-script and --llm-replay/],
    [["--llm-timeout", "0"], /--llm-timeout/],
    [["--llm-max-tokens", "10"], /--llm-max-tokens/],
    [["--llm-api-base", "here"], /--llm-api-base/],
  ])("refuses %j before a site is asked", async (flags, why) => {
    const hub = hubOf();
    const ran = await run(["negotiate", "x", "--select", "agentic", ...flags], { hub });
    expect(ran.err).toMatch(why);
    expect(ran.code).not.toBe(0);
    expect(hub.calls).toEqual([]);
  });

  it("refuses a model that nobody would ask, unless a variable names it", async () => {
    const hub = hubOf();
    const ran = await run(["negotiate", "x", "--select", "soonest", "--llm-model", "m"], { hub });
    expect(ran).toMatchObject({
      code: 2,
      err: expect.stringContaining("--llm-model is for --select agentic"),
    });
    expect(hub.calls).toEqual([]);
    const path = await file("negotiation.json", JSON.stringify(recordedNegotiation()));
    const env = { PARLEY_LLM_MODEL: "m" };
    expect(await run(["select", "--proposals", path, "--select", "soonest"], { env })).toMatchObject({
      code: 0,
    });
  });

  it("ends with 130 and chooses nothing when interrupted while the model thinks", async () => {
    const caller = new AbortController();
    const hub = createFakeHub({
      satisfy_job: () => recordedNegotiation(),
      get_negotiation: () => {
        caller.abort();
        return recordedNegotiation();
      },
    });
    const script = await file("late.yaml", ranking("10"));
    const command = ["negotiate", "x", "--select", "agentic", "--llm-script", script];
    const ran = await run(command, { hub, signal: caller.signal });
    expect(ran.code).toBe(130);
    expect(hub.calls.map(({ tool }) => tool)).not.toContain("dispatch_job");
  });
});

describe("resource-secretary ask with a model", () => {
  const program = createSecretaryProgram;
  const ask = ["ask", "1 node with plenty of memory", "--simulated=10", "--archetype=hpc", "--json"];

  it("[LLM-11] tries what a worker's model would read, and records it for one", async () => {
    const answer = { readings: [{ index: 0, adds: { memory: { perNodeGb: 16 } } }] };
    const script = await file("words.yaml", JSON.stringify([JSON.stringify(answer)]));
    const recording = join(directory, "words.json");
    const first = await run([...ask, "--llm-script", script, "--llm-record", recording], { program });
    const read = {
      heard: true,
      readings: [{ words: "with plenty of memory", adds: { memory: { perNodeGb: 16 } } }],
    };
    expect(JSON.parse(first.out)).toMatchObject({ model: read });
    const again = await run([...ask, "--llm-replay", recording], { program });
    expect(JSON.parse(again.out)).toMatchObject({ model: read });
  });

  it("[LLM-20] answers by rules where the model cannot be asked, and says which variable is missing", async () => {
    const ran = await run([...ask.slice(0, -1), "--llm-model", "m"], { program });
    expect(ran.code).toBe(3);
    expect(ran.out).toContain(
      "the model openai:m was not heard: The model openai:m needs a key; set OPENAI_API_KEY.",
    );
  });
});
