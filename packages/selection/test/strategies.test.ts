import { Facts, JobRequirements, ParleyError } from "@parley/core";
import type { Proposal } from "@parley/core";
import {
  createPipeline,
  defaultPipeline,
  defineStrategy,
  deriveWeights,
  findStrategy,
  gateCandidate,
  strategies,
} from "@parley/selection";
import type { Candidate } from "@parley/selection";
import { describeStrategy, proposalCandidate, selectContext } from "@parley/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

for (const strategy of strategies) {
  describeStrategy(strategy.name, () => strategy, { ordered: strategy.name === "first-ready" });
}
describeStrategy("default pipeline", defaultPipeline);

const pick = async (name: string, candidates: readonly Candidate[]): Promise<string | null> =>
  (await findStrategy(name).select(candidates, selectContext())).worker_id;

const requirements = (parts: object): JobRequirements =>
  JobRequirements.parse({ schema: "job-requirements/1", ...parts });

function withFacts(candidate: Candidate, facts: object): Candidate {
  const proposal = candidate.proposal;
  if (proposal === undefined) throw new Error("needs a proposal");
  return { ...candidate, proposal: { ...proposal, facts: Facts.parse({ ...proposal.facts, ...facts }) } };
}

describe("golden cases", () => {
  it("soonest takes the shorter of two queues", async () => {
    const candidates = [
      proposalCandidate("long", "READY", { metrics: { queueDepth: 5 } }),
      proposalCandidate("short", "READY", { metrics: { queueDepth: 0 } }),
    ];
    expect(await pick("soonest", candidates)).toBe("short");
  });

  it("soonest goes by the start estimate before the queue", async () => {
    const candidates = [
      proposalCandidate("a", "READY", { metrics: { queueDepth: 0, startSeconds: 50 } }),
      proposalCandidate("b", "BUSY", { metrics: { queueDepth: 9, startSeconds: 10 } }),
    ];
    expect(await pick("soonest", candidates)).toBe("b");
  });

  it("queue-depth takes a READY site before an emptier BUSY one, and a BUSY one when nobody is READY", async () => {
    const busy = proposalCandidate("busy", "BUSY", { metrics: { queueDepth: 0 } });
    const ready = proposalCandidate("ready", "READY", { metrics: { queueDepth: 3 } });
    expect(await pick("queue-depth", [busy, ready])).toBe("ready");
    expect(await pick("queue-depth", [busy])).toBe("busy");
  });

  it("min-cost takes the cheaper READY site before a cheaper BUSY one", async () => {
    const candidates = [
      proposalCandidate("a", "READY", { metrics: { cost: 2 } }),
      proposalCandidate("b", "READY", { metrics: { cost: 1.5 } }),
      proposalCandidate("c", "BUSY", { metrics: { cost: 0.1 } }),
    ];
    expect(await pick("min-cost", candidates)).toBe("b");
  });

  it("min-cost takes zero for a price and unknown for none, and passes when nobody has one", async () => {
    const free = proposalCandidate("free", "READY", { metrics: { cost: 0 } });
    const unknown = proposalCandidate("a-unknown", "READY");
    expect(await pick("min-cost", [unknown, free])).toBe("free");
    const none = await findStrategy("min-cost").select([unknown], selectContext());
    expect(none).toMatchObject({ status: "REJECTED", worker_id: null });
    expect(none.reasoning).toContain("no proposal states a cost");
  });

  it("min-cost compares within the budget's currency", async () => {
    const context = {
      ...selectContext(),
      requirements: requirements({ budget: { amount: 9, unit: "EUR" } }),
    };
    const candidates = [
      proposalCandidate("usd", "READY", { metrics: { cost: 1, currency: "USD" } }),
      proposalCandidate("eur", "READY", { metrics: { cost: 3, currency: "EUR" } }),
    ];
    expect((await findStrategy("min-cost").select(candidates, context)).worker_id).toBe("eur");
  });

  it("first-ready keeps the order of arrival and ignores BUSY", async () => {
    const candidates = ["z", "a"].map((id) => proposalCandidate(id, "READY"));
    expect(await pick("first-ready", [proposalCandidate("b", "BUSY"), ...candidates])).toBe("z");
    expect(await pick("first-ready", [proposalCandidate("b", "BUSY")])).toBeNull();
  });

  it("random draws READY sites only and run-anytime BUSY ones too, each of them some time", async () => {
    const field = [...["a", "b"].map((id) => proposalCandidate(id, "READY")), proposalCandidate("c", "BUSY")];
    const draws = async (name: string): Promise<string[]> => {
      const seen = new Set<string | null>();
      for (let seed = 0; seed < 60; seed += 1) {
        seen.add((await findStrategy(name).select(field, selectContext(String(seed)))).worker_id);
      }
      return [...seen].map(String).toSorted();
    };
    expect(await draws("random")).toEqual(["a", "b"]);
    expect(await draws("run-anytime")).toEqual(["a", "b", "c"]);
  });
});

describe("weighted", () => {
  const fast = { kind: "infiniband", bitsPerSecond: 1e11, rdma: true, scope: "cluster" };
  const slow = { kind: "ethernet", bitsPerSecond: 1e9, rdma: false, scope: "cluster" };

  it("explains every factor, and the contributions sum to the score", async () => {
    const field = [
      withFacts(proposalCandidate("a", "READY"), { fabrics: [fast] }),
      proposalCandidate("b", "READY"),
    ];
    const selection = await findStrategy("weighted").select(field, selectContext());
    expect(selection.worker_id).toBe("a");
    const [best] = selection.ranked;
    expect(best?.contributions).toHaveLength(7);
    const sum = (best?.contributions ?? []).reduce((total, item) => total + item.contribution, 0);
    expect(best?.score).toBeCloseTo(sum, 10);
    expect(best?.contributions.find(({ factor }) => factor === "network")).toMatchObject({
      reading: 100,
      score: 1,
    });
  });

  it("does not read the scores a site gives itself", async () => {
    const boaster = proposalCandidate("a", "READY");
    const scores: Proposal["scores"] = { network: 1, compute: 1, wait: 1, cost: 1 };
    const honest = withFacts(proposalCandidate("b", "READY"), { fabrics: [fast] });
    const field = [{ ...boaster, proposal: { ...boaster.proposal, scores } as Proposal }, honest];
    expect(await pick("weighted", field)).toBe("b");
  });

  it("gives READY a head start that a much better BUSY site overcomes", async () => {
    const ready = proposalCandidate("ready", "READY", { metrics: { startSeconds: 86_400 } });
    const busy = proposalCandidate("busy", "BUSY", { metrics: { startSeconds: 70_000 } });
    expect(await pick("weighted", [ready, busy])).toBe("ready");
    const soon = proposalCandidate("busy", "BUSY", {
      metrics: { startSeconds: 10, idleCores: 10_000, cost: 0 },
    });
    expect(await pick("weighted", [ready, soon])).toBe("busy");
  });

  it("prefers a site the request prefers among equals", async () => {
    const context = { ...selectContext(), requirements: requirements({ placement: { prefer: ["B"] } }) };
    const field = ["a", "b"].map((id) => proposalCandidate(id, "READY"));
    expect((await findStrategy("weighted").select(field, context)).worker_id).toBe("b");
    expect(await pick("weighted", field)).toBe("a");
  });

  it("takes weights from the caller and rejects those that mean nothing", async () => {
    const field = [
      withFacts(proposalCandidate("cheap", "READY", { metrics: { cost: 0 } }), { fabrics: [slow] }),
      withFacts(proposalCandidate("fast", "READY", { metrics: { cost: 900 } }), { fabrics: [fast] }),
    ];
    const choose = (weights: Record<string, number>) =>
      findStrategy("weighted").select(field, { ...selectContext(), weights });
    expect((await choose({ cost: 1 })).worker_id).toBe("cheap");
    expect((await choose({ network: 1 })).worker_id).toBe("fast");
    expect(await choose({ luck: 1 })).toMatchObject({ status: "REJECTED" });
    expect(await choose({ cost: -1 })).toMatchObject({ status: "REJECTED" });
    expect(await choose({ cost: 0 })).toMatchObject({ status: "REJECTED" });
  });

  it("never ranks a candidate lower for a better reading", async () => {
    const cores = fc.nat({ max: 100_000 });
    await fc.assert(
      fc.asyncProperty(cores, cores, async (left, right) => {
        const field = [
          proposalCandidate("a", "READY", { metrics: { idleCores: Math.min(left, right) } }),
          proposalCandidate("b", "READY", { metrics: { idleCores: Math.max(left, right) } }),
        ];
        const { ranked } = await findStrategy("weighted").select(field, selectContext());
        const score = (id: string) => ranked.find(({ workerId }) => workerId === id)?.score ?? -1;
        expect(score("b")).toBeGreaterThanOrEqual(score("a"));
      }),
    );
  });
});

describe("deriveWeights", () => {
  it("sums to 1 with a floor of 0.02 and follows the objectives", () => {
    const plain = deriveWeights(requirements({}));
    const cheap = deriveWeights(requirements({ objectives: [{ metric: "cost", goal: "min" }] }));
    for (const weights of [plain, cheap]) {
      expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10);
      expect(Math.min(...Object.values(weights))).toBeGreaterThanOrEqual(0.02 - 1e-12);
    }
    expect(cheap.cost).toBeGreaterThan(plain.cost);
    expect(cheap.cost).toBeGreaterThan(cheap.wait);
  });

  it("takes out what the request says does not matter", () => {
    const weights = deriveWeights(requirements({ network: { importance: "ignore" }, gpu: { need: "none" } }));
    expect(weights).toMatchObject({ network: 0, gpu: 0 });
    expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10);
  });
});

describe("every strategy", () => {
  const verdict = fc.constantFrom("READY", "BUSY", "RESTRICTED", "INCOMPATIBLE", "UNKNOWN");
  const number = fc.option(fc.nat({ max: 1000 }), { nil: null });
  const candidate = fc
    .record({
      verdict,
      gate: fc.option(verdict, { nil: undefined }),
      cost: number,
      start: number,
      queue: number,
    })
    .map(
      ({ verdict, gate, cost, start, queue }) =>
        (id: string) =>
          proposalCandidate(id, verdict, {
            metrics: { cost, startSeconds: start, queueDepth: queue },
            ...(gate === undefined ? {} : { gate }),
          }),
    );
  const field = fc
    .array(candidate, { maxLength: 8 })
    .map((makers) => makers.map((make, index) => make(`w${index}`)));

  it("selects only eligible sites and, but for first-ready, whatever their order", async () => {
    await fc.assert(
      fc.asyncProperty(field, fc.constantFrom(...strategies), async (candidates, strategy) => {
        const first = await strategy.select(candidates, selectContext());
        const chosen = candidates.find(({ workerId }) => workerId === first.worker_id);
        const allowed = ["READY", "BUSY", undefined];
        expect(allowed).toContain(chosen?.gate?.verdict ?? chosen?.proposal?.verdict);
        if (strategy.name === "first-ready") return;
        expect(await strategy.select(candidates.toReversed(), selectContext())).toEqual(first);
      }),
    );
  });
});

const fail = (name: string) => () => findStrategy(name);

describe("findStrategy", () => {
  it("finds by name and by tool name in any spelling", () => {
    expect(findStrategy("select_dynamic_queue").name).toBe("queue-depth");
    expect(findStrategy("select_random_ready").name).toBe("random");
    expect(findStrategy(" First_Ready ").name).toBe("first-ready");
    expect(strategies.map(({ name }) => name)).toEqual(strategies.map(({ name }) => name).toSorted());
  });

  it("names the nearest and all others when there is none", () => {
    expect(fail("soonst")).toThrow(/Did you mean soonest\? There are: agentic, first-ready/);
    expect(fail("x".repeat(5000))).toThrow(ParleyError);
    expect(fail("qqqqqqqqqq")).not.toThrow(/Did you mean/);
  });
});

describe("createPipeline", () => {
  const ready = proposalCandidate("w", "READY");

  it("falls through to the first that selects and says who it was", async () => {
    const pipeline = createPipeline([findStrategy("min-cost"), findStrategy("first-ready")]);
    expect(await pipeline.select([ready], selectContext())).toMatchObject({
      worker_id: "w",
      metadata: { algorithm: "first-ready", tried: ["min-cost", "first-ready"] },
    });
  });

  it("gives every reason when all fail, one that throws included", async () => {
    const broken = {
      ...findStrategy("random"),
      name: "broken",
      select: () => Promise.reject(new Error("no luck")),
    };
    const rejected = await createPipeline([broken, findStrategy("min-cost")]).select(
      [ready],
      selectContext(),
    );
    expect(rejected.status).toBe("REJECTED");
    expect(rejected.reasoning).toContain("broken: The strategy failed: no luck");
    expect(rejected.reasoning).toContain("min-cost:");
    expect(rejected.ranked).toHaveLength(1);
    expect(await createPipeline([]).select([ready], selectContext())).toMatchObject({ status: "REJECTED" });
  });

  it("stops when the caller aborts", async () => {
    const signal = AbortSignal.abort();
    const pipeline = createPipeline([findStrategy("min-cost"), findStrategy("first-ready")]);
    const stopped = await pipeline.select([ready], { ...selectContext(), signal });
    expect(stopped.metadata.tried).toEqual(["min-cost"]);
  });
});

const make = (ids: readonly string[]) =>
  defineStrategy({
    name: "my-own",
    description: "d",
    rank: () => ids.map((workerId) => ({ workerId, reason: "r" })),
  });

describe("defineStrategy", () => {
  const field = [proposalCandidate("a", "READY"), proposalCandidate("b", "READY")];
  it("derives the tool name and passes over what is left out", async () => {
    expect(make([]).toolName).toBe("select_my_own");
    const selection = await make(["b", "b"]).select(field, selectContext());
    expect(selection.ranked.map(({ workerId, eligible }) => [workerId, eligible])).toEqual([
      ["b", true],
      ["a", false],
    ]);
  });

  it("rejects a selection of somebody unknown, or of nobody", async () => {
    const stranger = await make(["nobody"]).select(field, selectContext());
    expect(stranger).toMatchObject({ worker_id: null, status: "REJECTED" });
    expect(stranger.reasoning).toContain('"nobody" is no eligible candidate');
    expect(await make([]).select(field, selectContext())).toMatchObject({ status: "REJECTED" });
  });
});

const gate = (
  claim: Proposal["verdict"],
  check: Proposal["verdict"],
  mode: Proposal["mode"] = "rules",
): Proposal["verdict"] =>
  gateCandidate({ verdict: claim, reasons: ["claim"], mode }, { verdict: check, reasons: ["check"] }).verdict;

describe("gateCandidate", () => {
  it("never lets a claim better than the check win", () => {
    expect(gate("READY", "INCOMPATIBLE")).toBe("INCOMPATIBLE");
    expect(gate("READY", "UNKNOWN")).toBe("UNKNOWN");
    expect(gate("BUSY", "RESTRICTED", "model")).toBe("RESTRICTED");
  });

  it("lets a site's rules refuse, but not a model", () => {
    expect(gate("RESTRICTED", "READY")).toBe("RESTRICTED");
    expect(gate("INCOMPATIBLE", "READY", "model")).toBe("READY");
    expect(gate("UNKNOWN", "READY", "model")).toBe("UNKNOWN");
  });

  it("says whether claim and check agree", () => {
    const check = { verdict: "READY" as const, reasons: [] };
    expect(gateCandidate({ verdict: "READY", reasons: [], mode: "rules" }, check).agrees).toBe(true);
    expect(gateCandidate({ verdict: "BUSY", reasons: [], mode: "rules" }, check).agrees).toBe(false);
  });
});
