import { Facts, Proposal } from "@parley/core";
import { createMemoryDatabase } from "@parley/databases";
import { createHub, createWorker } from "@parley/fleet";
import type { Hub, HubModel, WorkerReader } from "@parley/fleet";
import { createScriptedModel } from "@parley/llm";
import { createWordReader } from "@parley/secretary/model";
import { createServer } from "@parley/server";
import { createSimulatedSite } from "@parley/simulation";
import { createRegistry } from "@parley/tool-registry";
import type { Registry } from "@parley/tool-registry";
import { fakeClock } from "@parley/testing";
import { expect, it, onTestFinished } from "vitest";
import { createNegotiator } from "../src/hub/negotiator.ts";
import { linkTo, registrationOf, testFleet } from "./_fleet.ts";

const prompt = "Run hostname on a big-iron box with oodles of memory";
const words = "on a big-iron box with oodles of memory";
const oodles = JSON.stringify({ readings: [{ index: 0, adds: { memory: { perNodeGb: 2 } } }] });
const clock = fakeClock();

async function workerOf(workerId: string, reader?: WorkerReader) {
  const site = await createSimulatedSite({ workerId, archetype: "hpc", clock });
  return createWorker(
    {},
    { site, registry: createRegistry(), database: createMemoryDatabase(), clock, reader },
  );
}

/** A hub with the workers `plain` and `thinking`; the second one has a model. */
async function federation(model?: HubModel): Promise<{ hub: Hub; registry: Registry }> {
  const registry = createRegistry();
  const hub = createHub({ secret: "potato" }, { registry, database: createMemoryDatabase(), clock, model });
  const plain = await workerOf("plain");
  const reader = createWordReader({ model: createScriptedModel([oodles], { id: "test:m" }) });
  const thinking = await workerOf("thinking", reader);
  await hub.adopt(plain);
  await hub.adopt(thinking);
  onTestFinished(async () => {
    await Promise.all([plain.close(), thinking.close()]);
    await hub.close();
  });
  return { hub, registry };
}

it("[LLM-16] the hub judges what a site's model read, chooses that site, says so, and runs what was read", async () => {
  const { hub } = await federation();
  const { negotiation, selection, dispatched } = await hub.operations.negotiate({ prompt, dispatch: true });
  const gates = Object.entries(negotiation.answers).map(([id, answer]) => [id, Reflect.get(answer, "gate")]);
  expect(Object.fromEntries(gates)).toMatchObject({
    plain: { verdict: "RESTRICTED" },
    thinking: { agrees: true, verdict: expect.stringMatching(/READY|BUSY/) },
  });
  expect(selection).toMatchObject({
    worker_id: "thinking",
    reasoning: expect.stringContaining(`There the model test:m reads "${words}" as memory.perNodeGb 2.`),
  });
  expect((await hub.operations.negotiation(negotiation.id)).selection).toEqual(selection);
  expect(negotiation.requirements.unresolved).toEqual([words]);
  expect(dispatched).toMatchObject({
    receipt: { status: "SUCCESS" },
    job: { requirements: { memory: { perNodeGb: 2 }, unresolved: [] } },
  });
  const modes = hub.operations.workers().map(({ id, secretary }) => [id, secretary?.mode]);
  expect(Object.fromEntries(modes)).toEqual({ plain: "rules", thinking: "model" });
  const plain = hub.operations.dispatch({ workerId: "plain", prompt: "", negotiationId: negotiation.id });
  expect(await plain).toMatchObject({ receipt: { status: "FAILED", error: { code: "E_DISPATCH_REFUSED" } } });
});

/** A worker that says of itself what suits it. */
async function lying(part: object, facts: object = {}, whole?: object) {
  const claim = Proposal.parse({
    schema: "proposal/1",
    offerId: "offer_1",
    workerId: "liar",
    verdict: "READY",
    metrics: { idleNodes: 9, idleCores: 9, queueDepth: 0, startSeconds: 0, cost: null },
    facts: Facts.parse({
      schema: "facts/1",
      workerId: "liar",
      observedAt: new Date(clock.now()).toISOString(),
      workloads: [
        {
          manager: "slurm",
          status: "present",
          canSubmit: true,
          nodeGroups: [
            {
              nodes: 4,
              availableNodes: 4,
              idleNodes: 4,
              coresPerNode: 8,
              idleCores: 32,
              memoryBytesPerNode: 2 ** 32,
            },
          ],
        },
      ],
      ...facts,
    }),
    factsDigest: "0",
    observedAt: new Date(clock.now()).toISOString(),
    validUntil: new Date(clock.now() + 1000).toISOString(),
    model: { id: "liar:m", heard: true, ...part },
  });
  const structured = whole === undefined ? claim : { ...claim, model: whole };
  const fleet = testFleet(() => linkTo(() => ({ worker_id: "liar", proposal: "", structured })));
  await fleet.roster.enter(registrationOf("liar"));
  return createNegotiator(fleet);
}

it.each([
  ["what it does not bear", { readings: [{ words, adds: { memory: { perNodeGb: 512 } } }] }, "INCOMPATIBLE"],
  ["words nobody said", { readings: [{ words: "hello", adds: { memory: { perNodeGb: 1 } } }] }, "RESTRICTED"],
  [
    "against what was said",
    { readings: [{ words, adds: { compute: { nodes: { min: 2 } } } }] },
    "RESTRICTED",
  ],
  ["nothing", { readings: [] }, "RESTRICTED"],
  ["what it bears, which it may", { readings: [{ words, adds: { memory: { perNodeGb: 2 } } }] }, "READY"],
])("[LLM-17] a site that claims a reading of %s is judged by the hub", async (_what, part, verdict) => {
  const negotiator = await lying(part);
  const negotiation = await negotiator.ask({ prompt: prompt.replace("on a", "on 3 nodes on a") });
  expect(negotiation.requirements).toMatchObject({ compute: { nodes: { min: 3 } }, unresolved: [words] });
  const [answer] = Object.values(negotiation.answers);
  expect(answer).toMatchObject({ gate: { verdict, agrees: verdict === "READY" } });
  const chosen = verdict === "READY" ? "liar" : null;
  expect(await negotiator.choose(negotiation)).toMatchObject({ worker_id: chosen });
});

it("[LLM-17] a part of a model that cannot be read leaves the rest of the answer", async () => {
  const negotiator = await lying(
    {},
    {},
    { id: "m", heard: true, readings: [{ words, adds: { budget: 1 } }] },
  );
  const [answer] = Object.values((await negotiator.ask({ prompt })).answers);
  expect(answer).toMatchObject({ gate: { verdict: "RESTRICTED", agrees: false } });
});

const ranking = (id: string) => JSON.stringify({ ranking: [{ id, reason: "it is quiet" }] });
const easy = "Run hostname on one node";

it("[LLM-18] a hub with a model chooses by agentic, over its tool and REST, with the reasons on record", async () => {
  const model = createScriptedModel([ranking("thinking"), ranking("plain")], { id: "hub:m" });
  const { hub, registry } = await federation({ model });
  const { id } = await hub.operations.satisfy({ prompt: easy });
  const { selection } = await hub.operations.select(id, { strategies: ["agentic"] });
  expect(selection).toMatchObject({
    worker_id: "thinking",
    reasoning: expect.stringContaining('hub:m says "it is quiet"'),
    metadata: { algorithm: "agentic", model: "hub:m" },
  });
  expect((await hub.operations.negotiation(id)).selection).toEqual(selection);
  const server = createServer({ name: "hub", version: "1", registry });
  onTestFinished(() => server.close());
  await server.app.register(hub.plugin);
  const payload = { negotiationId: id, strategies: ["agentic"] };
  const answer = await server.app.inject({ method: "POST", url: "/select", payload });
  expect(answer.json()).toMatchObject({ worker_id: "plain", metadata: { model: "hub:m" } });
  // The script has no third answer: the strategy behind it chooses, and says why.
  const third = await hub.operations.select(id, { strategies: ["agentic", "first-ready"] });
  expect(third.selection.metadata).toMatchObject({
    algorithm: "first-ready",
    fallback: expect.stringContaining("script"),
  });
});

it("[LLM-19] a hub without a model refuses agentic in one sentence, before a site is asked", async () => {
  const { hub } = await federation();
  const message =
    "This hub has no model for the strategy agentic: start it with --llm-model NAME, and --llm-backend or --llm-api-base where needed, or choose another strategy.";
  const expected = { code: "E_LLM_NONE", message };
  const { id } = await hub.operations.satisfy({ prompt: easy });
  await expect(hub.operations.select(id, { strategies: ["soonest", "agentic"] })).rejects.toMatchObject(
    expected,
  );
  const all = hub.operations.negotiate({ prompt: easy, dispatch: true, strategies: ["agentic"] });
  await expect(all).rejects.toMatchObject(expected);
  expect(await hub.operations.jobs()).toEqual([]);
});

it("[LLM-20] a worker tells the hub whether its model can be asked", async () => {
  const model = createScriptedModel([]);
  const problem = async () => "The model openai:m needs a key; set OPENAI_API_KEY.";
  const registered: unknown[] = [];
  const worker = await workerOf("keyless", { ...createWordReader({ model }), problem });
  const membership = worker.join({
    hubUrl: "http://127.0.0.1:9",
    secret: "potato",
    publicUrl: "http://127.0.0.1:9/mcp",
    fetch: async (_input, init) => {
      registered.push(JSON.parse(typeof init?.body === "string" ? init.body : ""));
      return Response.json({ status: "success", prefix: "p", lease: "l", heartbeatSeconds: 60 });
    },
  });
  await membership.first;
  await worker.close();
  expect(registered[0]).toMatchObject({
    secretary: { mode: "model", ready: false, reason: await problem() },
  });
});
