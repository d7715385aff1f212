import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  addUsage,
  completeJson,
  createRecordingModel,
  createReplayModel,
  createScriptedModel,
  readRecording,
} from "@parley/llm";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";

const ask = (content: string) => ({ messages: [{ role: "user", content }] }) as const;

async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "parley-llm-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

describe("[ORC-03] recordings", () => {
  it("come back from a file word for word, in their order, and nothing else does", async () => {
    const path = join(await scratch(), "talk.json");
    const recorded = createRecordingModel(createScriptedModel(["one", "two", "three"]));
    for (const content of ["a", "b", "a"]) await recorded.complete(ask(content));
    await recorded.save(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const model = createReplayModel(await readRecording(path));
    const said = [];
    for (const content of ["a", "b", "a", "a"]) said.push((await model.complete(ask(content))).text);
    expect(said).toEqual(["one", "two", "three", "three"]);
    await expect(model.complete(ask("c"))).rejects.toMatchObject({ code: "E_LLM_RECORDING" });
  });

  it("are refused when they are none", async () => {
    const path = join(await scratch(), "talk.json");
    await expect(readRecording(path)).rejects.toMatchObject({ code: "E_LLM_RECORDING" });
    await writeFile(path, "{}");
    await expect(readRecording(path)).rejects.toThrow(`The file ${path} holds no recording`);
  });

  it("keep no failed call", async () => {
    const recorded = createRecordingModel(createScriptedModel([new Error("no"), "yes"]));
    await expect(recorded.complete(ask("a"))).rejects.toThrow("no");
    await recorded.complete(ask("a"));
    expect(recorded.recording().exchanges).toHaveLength(1);
  });
});

describe("[ORC-04] answers of one shape", () => {
  const shape = z.strictObject({ pass: z.boolean() });

  it("are read out of fences and talk, and sent back once when they do not fit", async () => {
    const usage = { inputTokens: 1, outputTokens: 2, costUsd: 0.5 };
    const model = createScriptedModel([
      { text: "no idea", usage },
      { text: 'Sure:\n```json\n{"pass": true}\n```', usage },
    ]);
    expect(await completeJson(model, { ...ask("ok?"), shape })).toEqual({
      value: { pass: true },
      usage: { inputTokens: 2, outputTokens: 4, costUsd: 1 },
    });
    expect(model.requests[1]?.messages.at(-1)?.content).toContain("there is no JSON object in it");
    expect(model.requests[0]?.system).toContain('"pass"');
  });

  it("are an error when none fits", async () => {
    const model = createScriptedModel(['{"pass": 1}', "{", '{"pass":}']);
    const call = completeJson(model, { ...ask("ok?"), shape }, { repairs: 2 });
    await expect(call).rejects.toMatchObject({ code: "E_LLM_OUTPUT" });
  });

  it("add up what is known of two calls", () => {
    expect(addUsage({}, { inputTokens: 1 })).toEqual({
      inputTokens: 1,
      outputTokens: undefined,
      costUsd: undefined,
    });
  });
});

it("says what a script was asked, and when it is at its end", async () => {
  const model = createScriptedModel(["one"], { id: "mine" });
  await model.complete(ask("a"));
  expect(model.requests).toEqual([ask("a")]);
  await expect(model.complete(ask("b"))).rejects.toThrow(
    "The script of the model mine has 1 answers and was asked 2 times.",
  );
});
