// Chooses among kept proposals with a strategy of our own, without a hub.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { JobRequirements, seededRandom } from "@parley/core";
import { createPipeline, findStrategy, readProposals } from "@parley/selection";
import { bestFit } from "./best-fit.ts";

const candidates = readProposals(await readFile(new URL("proposals.json", import.meta.url), "utf8"));
const requirements = JobRequirements.parse({ schema: "job-requirements/1" });
const context = { requirements, random: seededRandom("example") };

const chosen = await bestFit.select(candidates, context);
console.log(chosen.reasoning);
for (const { workerId, reason } of chosen.ranked) console.log(`  ${workerId}: ${reason}`);
assert.equal(chosen.worker_id, "birch");

const pipeline = createPipeline([bestFit, findStrategy("soonest")]);
const fallback = await pipeline.select(
  candidates.filter(({ workerId }) => workerId === "alder"),
  context,
);
console.log(fallback.reasoning);
assert.equal(fallback.status, "REJECTED");
