// A hub and twelve simulated sites in one process: ask all, choose, and export what is really so.
import assert from "node:assert/strict";
import { createMemoryDatabase } from "@parley/databases";
import { createHub } from "@parley/fleet";
import { simulate } from "@parley/mcpserver";
import { createServer } from "@parley/server";
import { createRegistry } from "@parley/tool-registry";

const secret = "potato";
const registry = createRegistry();
const hub = createHub({ secret }, { registry, database: createMemoryDatabase() });
const server = createServer({ name: "hub", version: "0.1.0", registry });
await server.app.register(hub.plugin);
await hub.start();
const { url: hubUrl } = await server.listen();
const fleet = await simulate({ workers: 12, prefix: "sim-", join: { hubUrl, secret } });

try {
  const prompt = "16 nodes with InfiniBand for 2 hours, account chem";
  const negotiation = await hub.operations.satisfy({ prompt });
  for (const [id, answer] of Object.entries(negotiation.answers)) {
    if (answer.type !== "agentic_proposal") continue;
    const { verdict, reasons } = answer.gate ?? { verdict: "UNKNOWN", reasons: [] };
    console.log(id.padEnd(7), verdict.padEnd(12), reasons.slice(0, 2).join("; ").slice(0, 90));
  }
  assert.equal(Object.keys(negotiation.answers).length, 12);

  const { selection } = await hub.operations.select(negotiation.id);
  const again = await hub.operations.select(negotiation.id);
  console.log(selection.reasoning);
  assert.equal(selection.status, "SELECTED");
  assert.deepEqual(again.selection, selection);

  const truth = await hub.operations.truth();
  console.log("archetypes", truth.archetypes, "networks", truth.counts["network"]);
  const counted = Object.values(truth.archetypes).reduce((sum, count) => sum + count, 0);
  assert.equal(counted, 12);
} finally {
  await fleet.close();
  await server.close();
  await hub.close();
}
