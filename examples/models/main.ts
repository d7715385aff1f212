// Three simulated sites, two with a model that reads words no rule reads, under a hub that chooses by a model. Models are
// scripted, so the run needs no key; put createAiModel of @parley/llm/ai in their place for real ones.
import assert from "node:assert/strict";
import { ParleyError, systemClock } from "@parley/core";
import { createMemoryDatabase } from "@parley/databases";
import { createHub, createWorker } from "@parley/fleet";
import type { Hub, Negotiation, Worker } from "@parley/fleet";
import { createScriptedModel } from "@parley/llm";
import type { ChatModel } from "@parley/llm";
import { createWordReader } from "@parley/secretary/model";
import { createSimulatedSite } from "@parley/simulation";
import { createRegistry } from "@parley/tool-registry";

const prompt = "Run hostname on 2 nodes with plenty of memory";

async function startSite(workerId: string, model?: ChatModel): Promise<Worker> {
  const site = await createSimulatedSite({ workerId, archetype: "hpc", clock: systemClock });
  const reader = model && createWordReader({ model });
  return createWorker({}, { site, reader, registry: createRegistry(), database: createMemoryDatabase() });
}

function startHub(model?: ChatModel): Hub {
  const dependencies = { registry: createRegistry(), database: createMemoryDatabase() };
  return createHub({ secret: "potato" }, { ...dependencies, ...(model && { model: { model } }) });
}

/** The hub's own verdict on each site, and what it was told. */
function verdicts({ answers }: Negotiation): Record<string, string> {
  return Object.fromEntries(
    Object.entries(answers).map(([id, answer]) => {
      const { verdict = "none", reasons = [] } = (answer.type === "agentic_proposal" && answer.gate) || {};
      const [note = reasons[0]] =
        answer.type === "agentic_proposal" ? (answer.data.structured?.constraints ?? []) : [];
      console.log(id.padEnd(9), verdict.padEnd(11), verdict === "RESTRICTED" ? reasons[0] : note);
      return [id, verdict];
    }),
  );
}

const plenty = (gb: number): string =>
  JSON.stringify({ readings: [{ index: 0, adds: { memory: { perNodeGb: gb } } }] });
const sites = await Promise.all([
  startSite("plain"),
  startSite("modest", createScriptedModel([plenty(16)], { id: "modest:m" })),
  startSite("lavish", createScriptedModel([plenty(900_000)], { id: "lavish:m" })),
]);
const ranking = JSON.stringify({ ranking: [{ id: "modest", reason: "it alone has the memory" }] });
const [hub, plainHub] = [startHub(createScriptedModel([ranking], { id: "hub:m" })), startHub()];

try {
  for (const site of sites) await hub.adopt(site);

  // Nobody but the models knows what plenty is; whether a site has it is found out by code.
  const { negotiation, selection, dispatched } = await hub.operations.negotiate({
    prompt,
    strategies: ["agentic", "weighted"],
    dispatch: true,
  });
  console.log("not understood:", negotiation.requirements.unresolved.join());
  const { modest = "", ...others } = verdicts(negotiation);
  assert.match(modest, /READY|BUSY/);
  assert.deepEqual(others, { plain: "RESTRICTED", lavish: "INCOMPATIBLE" });
  console.log(selection.reasoning);
  assert.equal(selection.worker_id, "modest");
  assert.match(selection.reasoning, /hub:m says "it alone has the memory"/);
  assert.match(selection.reasoning, /modest:m reads "with plenty of memory" as memory\.perNodeGb 16/);
  assert.equal(dispatched?.receipt.status, "SUCCESS");
  assert.deepEqual(dispatched.job.requirements?.memory, { perNodeGb: 16 });

  // A hub without a model says so before anybody is asked.
  await assert.rejects(
    plainHub.operations.negotiate({ prompt, strategies: ["agentic"], dispatch: true }),
    (error) => ParleyError.isInstance(error) && error.code === "E_LLM_NONE",
  );
} finally {
  await Promise.all(sites.map((site) => site.close()));
  await Promise.all([hub.close(), plainHub.close()]);
}
