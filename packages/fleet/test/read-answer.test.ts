import { proposalCandidate } from "@parley/testing";
import { expect, it } from "vitest";
import { createNegotiator } from "../src/hub/negotiator.ts";
import { linkTo, registrationOf, testFleet } from "./_fleet.ts";

const { proposal } = proposalCandidate("odd", "READY");
const words = '```json\n{"verdict": "READY", "reasoning": "trust me"}\n```';

it.each([
  [
    "facts nobody can check",
    { ...proposal, facts: { ...proposal?.facts, workloads: "many" } },
    "facts.workloads",
  ],
  ["no facts", { ...proposal, facts: undefined }, "facts"],
  ["a later version", { ...proposal, schema: "proposal/2" }, "schema"],
  ["no object", "READY", "expected object"],
])(
  "[ASK-09] words beside %s are not taken for an answer of the plain kind",
  async (_what, structured, where) => {
    const fleet = testFleet(() => linkTo(() => ({ worker_id: "odd", proposal: words, structured })));
    await fleet.roster.enter(registrationOf("odd"));
    const negotiator = createNegotiator(fleet);
    const negotiation = await negotiator.ask({ prompt: "Run hostname on one node" });
    const message = expect.stringMatching(`odd: its structured answer cannot be read.*${where}`);
    expect(negotiation.answers).toMatchObject({ odd: { type: "error", code: "E_MCP_PROTOCOL", message } });
    expect(await negotiator.choose(negotiation)).toMatchObject({ worker_id: null, reasoning: message });
  },
);

it("[ASK-09] words alone are an answer of the plain kind, also beside a null", async () => {
  const fleet = testFleet(() => linkTo(() => ({ proposal: words, structured: null })));
  await fleet.roster.enter(registrationOf("plain"));
  const negotiator = createNegotiator(fleet);
  const negotiation = await negotiator.ask({ prompt: "Run hostname on one node" });
  expect(await negotiator.choose(negotiation)).toMatchObject({ worker_id: "plain" });
});
