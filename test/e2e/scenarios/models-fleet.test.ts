import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../harness/dockerfile.ts";
import { scratch, startHub, startNode, startWorker } from "../harness/nodes.ts";
import type { Node } from "../harness/nodes.ts";
import { spawnServer } from "../harness/processes.ts";
import { verifies } from "../verifies.ts";

const guide = await readFile(join(repository, "docs/guides/models-at-sites.md"), "utf8");
const request = "Run hostname on one node with plenty of memory";
const words = "with plenty of memory";

async function script(...answers: readonly object[]): Promise<string> {
  const file = join(await scratch(), "answers.yaml");
  await writeFile(file, JSON.stringify(answers.map((answer) => JSON.stringify(answer))));
  return file;
}

async function post(hub: Node, route: string, body: object) {
  const response = await fetch(`${hub.base}${route}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: JSON.parse(await response.text()) };
}

const readings = (adds: object): object => ({ readings: [{ index: 0, adds }] });

verifies(
  ["LLM-11", "LLM-16"],
  "of two workers the one with a model takes a request that no rule reads, and runs it",
  async () => {
    // The time-outs are what a loaded machine may need to look itself over.
    const hub = await startHub({ askTimeout: "90", heartbeat: "30" });
    const llmScript = await script(readings({ memory: { perNodeGb: 1 } }));
    await startWorker(hub, "plain", { mock: "hpc" });
    await startWorker(hub, "thinking", { localAllow: ["hostname"], llmScript, llmTimeout: "60" });
    const workers = JSON.parse(await (await fetch(`${hub.base}/workers`)).text());
    expect(
      Object.fromEntries(
        workers.workers.map((one: { id: string; secretary: object }) => [one.id, one.secretary]),
      ),
    ).toEqual({
      plain: { mode: "rules", ready: true },
      thinking: { mode: "model", ready: true },
    });
    const { answer } = await post(hub, "/negotiate", { prompt: request });
    expect(answer.proposals.plain).toMatchObject({ gate: { verdict: "RESTRICTED" } });
    expect(answer.proposals.thinking).toMatchObject({
      gate: { verdict: "READY", agrees: true },
      data: {
        proposal: expect.stringContaining(`the model scripted reads`),
        structured: { model: { heard: true, readings: [{ words, adds: { memory: { perNodeGb: 1 } } }] } },
      },
    });
    expect(answer.selection).toMatchObject({
      worker_id: "thinking",
      reasoning: expect.stringContaining(`There the model scripted reads "${words}" as memory.perNodeGb 1.`),
    });
    expect(answer.dispatch).toMatchObject({ worker_id: "thinking", receipt: { status: "SUCCESS" } });
    const job = `${hub.base}/jobs/${answer.dispatch.hub_job_id}`;
    await expect
      .poll(async () => JSON.parse(await (await fetch(job)).text()).state, { timeout: 60_000 })
      .toBe("COMPLETED");
  },
);

verifies(
  ["LLM-18", "LLM-19", "LLM-21"],
  "a hub with a model ranks by it within its hour's tokens; one without says which flags name one",
  async () => {
    const ranking = { ranking: [{ id: "two", reason: "two is the quieter one" }] };
    const [llmScript, silent] = await Promise.all([script(ranking, ranking), startHub()]);
    const hub = await startHub({ llmScript, llmHourlyTokens: "5000", heartbeat: "30" });
    await Promise.all([
      startWorker(hub, "one", { mock: "hpc" }),
      startWorker(hub, "two", { mock: "hpc" }),
      startWorker(silent, "three", { mock: "hpc" }),
    ]);
    const easy = { prompt: "Run hostname on one node" };
    const choice = { ...easy, strategies: ["agentic", "weighted"], dispatch: false };
    const first = await post(hub, "/negotiate", choice);
    expect(first.answer.selection).toMatchObject({
      worker_id: "two",
      reasoning: expect.stringContaining('scripted says "two is the quieter one"'),
      metadata: { algorithm: "agentic", model: "scripted" },
    });
    const { answer: second } = await post(hub, "/select", {
      negotiationId: first.answer.negotiation_id,
      strategies: ["agentic"],
    });
    expect(second.metadata).toMatchObject({
      algorithm: "weighted",
      fallback: expect.stringContaining("raise --llm-hourly-tokens"),
    });

    const refused = await post(silent, "/negotiate", choice);
    expect(refused.status).toBe(409);
    expect(refused.answer.error.message).toMatch(/^This hub has no model .* start it with --llm-model NAME/);
    expect(guide).toContain(refused.answer.error.message);
  },
);

verifies(
  ["LLM-20"],
  "a worker without its key or package starts, says what to do, and answers by rules",
  async () => {
    const hub = await startHub();
    const worker = await startWorker(hub, "keyless", { mock: "hpc", llmModel: "m", llmBackend: "anthropic" });
    const missing = "The model anthropic:m needs a key; set ANTHROPIC_API_KEY.";
    expect(worker.notices.join("\n")).toContain(`${missing} Until then rules answer without it.`);
    const { answer } = await post(hub, "/satisfy", { prompt: request });
    expect(answer.proposals.keyless).toMatchObject({
      gate: { verdict: "RESTRICTED" },
      data: {
        structured: { model: { id: "anthropic:m", heard: false, code: "E_LLM_KEY", reason: missing } },
      },
    });
    const { answer: easy } = await post(hub, "/satisfy", { prompt: "Run hostname on one node" });
    expect(easy.proposals.keyless.data.structured).not.toHaveProperty("model");
  },
);

/** Hides the packages of models, as where nobody has installed them. */
const hidden = `export async function resolve(name, context, next) {
  if (name === "ai" || name.startsWith("@ai-sdk/")) throw Object.assign(new Error("gone"), { code: "ERR_MODULE_NOT_FOUND" });
  return next(name, context);
}`;

verifies(
  ["LLM-10", "LLM-20"],
  "no package of a model is needed to start, and a missing one is said with its command",
  async () => {
    const hide = `import { register } from "node:module"; register("data:text/javascript," + encodeURIComponent(${JSON.stringify(hidden)}));`;
    const server = await spawnServer(
      ["--mock", "hpc", "--worker-id", "bare", "--port", "0", "--llm-backend", "gemini", "--llm-model", "m"],
      {
        env: {
          GEMINI_API_KEY: "k",
          NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(hide)}`,
          HOME: await scratch(),
        },
      },
    );
    const said =
      "The model backend gemini is not installed: run npm install ai@6 @ai-sdk/google. Until then rules answer without it.";
    await expect.poll(() => server.stderr(), { timeout: 60_000 }).toContain(said);
  },
);

test("[LLM-22] a model that nobody would ask, two models, and values that cannot be are refused by name", async () => {
  const cases: readonly (readonly [Readonly<Record<string, unknown>>, RegExp])[] = [
    [
      { llmModel: "m" },
      /^--llm-model is for a hub, .* and a worker, .*: add --hub or --join, or leave the model out\.$/,
    ],
    [
      { hub: true, hubSecret: "potato", llmModel: "m", llmScript: "s" },
      /Give one of --llm-model, --llm-script and --llm-replay/,
    ],
    [
      { hub: true, hubSecret: "potato", llmScript: "/nowhere.yaml" },
      /--llm-script: \/nowhere\.yaml holds no list of answers/,
    ],
    [{ llmBackend: "oracle" }, /--llm-backend.*openai, gemini, anthropic/],
    [{ llmTimeout: "0" }, /--llm-timeout/],
    [{ llmApiBase: "here" }, /--llm-api-base/],
  ];
  for (const [flags, why] of cases) await expect(startNode(flags)).rejects.toThrow(why);
  const plain = await startNode({}, { PARLEY_LLM_MODEL: "m" });
  expect(plain.notices.join()).not.toContain("model");
});
