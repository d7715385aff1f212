import { factorTable, seededRandom } from "@parley/core";
import type { CallForProposals, Proposal } from "@parley/core";
import { createSecretary, expandSoftwareNames, legacyText, parseRequest } from "@parley/secretary";
import { defaultPipeline, findStrategy, readProposals } from "@parley/selection";
import type { Candidate, Strategy } from "@parley/selection";
import { createSimulatedSite } from "@parley/simulation";
import { quantile, timeRounds } from "./harness.ts";
import type { Bench, Figure } from "./harness.ts";

const many = 10_000;
/** Sites that really answer; the rest repeat them under other ids with other numbers. */
const sites = 50;
const { requirements } = parseRequest(
  "Run LAMMPS on 2 nodes with 16 cores per node for 2 hours, cheap and soon",
  {
    now: Date.parse("2026-11-20T12:00:00Z"),
  },
);

export const selectionBench: Bench = {
  name: "selection",
  title: `Choosing among ${many} proposals of simulated sites, and reading them from a file`,
  async run({ short }) {
    const { candidates, text } = await propose();
    const timing = { rounds: short ? 3 : 9, warmUp: 1 };
    const figures: Figure[] = [];
    const chosen: readonly (readonly [string, Strategy])[] = [
      ["default pipeline", defaultPipeline()],
      ...["weighted", "min-cost", "soonest"].map((name) => [name, findStrategy(name)] as const),
    ];
    for (const [name, strategy] of chosen) {
      const random = seededRandom("bench", name);
      const times = await timeRounds(() => strategy.select(candidates, { requirements, random }), timing);
      figures.push({ name, value: quantile(times, 0.5), unit: "ms", target: { atMost: 250 } });
    }
    const read = await timeRounds(() => readProposals(text), timing);
    return [
      ...figures,
      { name: "reading the file", value: quantile(read, 0.5), unit: "ms", target: { atMost: 2500 } },
      { name: "size of the file", value: text.length / 1e6, unit: "MB" },
    ];
  },
};

async function propose(): Promise<{ readonly candidates: readonly Candidate[]; readonly text: string }> {
  const { objectives: _private, ...shared } = requirements;
  const call: CallForProposals = {
    schema: "call-for-proposals/1",
    negotiationId: "neg_bench",
    requirements: shared,
    factors: [...factorTable],
  };
  const answered: Proposal[] = [];
  for (let index = 0; index < sites; index += 1) {
    const site = await createSimulatedSite({ workerId: `sim-${index}` });
    answered.push(await createSecretary({ site, expand: expandSoftwareNames }).propose(call));
    await site.close();
  }
  const random = seededRandom("bench", "numbers");
  const proposals = Array.from({ length: many }, (_, index) => {
    const proposal = answered[index % sites];
    if (!proposal) throw new Error("no site answered");
    const { metrics } = proposal;
    const other = { queueDepth: Math.floor(random() * 200), startSeconds: Math.floor(random() * 86_400) };
    return { ...proposal, workerId: `site-${index}`, metrics: { ...metrics, ...other } };
  });
  const candidates = proposals.map((proposal): Candidate => {
    const gate = { verdict: proposal.verdict, agrees: true, reasons: proposal.reasons };
    return { workerId: proposal.workerId, kind: "proposal", proposal, gate };
  });
  return { candidates, text: JSON.stringify({ proposals: Object.fromEntries(proposals.map(toEntry)) }) };
}

/** An answer as `satisfy_job` gives it: facts stay at the hub. */
function toEntry({ facts: _facts, ...structured }: Proposal): readonly [string, unknown] {
  const { workerId, verdict, reasons } = structured;
  const proposal = legacyText({ ...structured, facts: _facts });
  const data = { worker_id: workerId, proposal, structured };
  return [workerId, { type: "agentic_proposal", data, gate: { verdict, agrees: true, reasons } }];
}
