import { Facts, JobRequirements, seededRandom } from "@parley/core";
import type { Proposal, Verdict } from "@parley/core";
import type { Candidate, SelectContext, Strategy } from "@parley/selection";
import { describe, expect, it } from "vitest";

const at = "2026-11-20T10:00:00.000Z";

/** A candidate with a proposal, for tests of selection. */
export function proposalCandidate(
  workerId: string,
  verdict: Verdict,
  options: { readonly metrics?: Partial<Proposal["metrics"]>; readonly gate?: Verdict } = {},
): Candidate {
  const unknown = {
    idleNodes: null,
    idleCores: null,
    queueDepth: null,
    startSeconds: null,
    cost: null,
    currency: null,
  };
  const proposal: Proposal = {
    schema: "proposal/1",
    offerId: `offer_${workerId}`,
    workerId,
    verdict,
    reasons: [],
    clauses: [],
    constraints: [],
    metrics: { ...unknown, ...options.metrics },
    estimates: {},
    scores: {},
    facts: Facts.parse({ schema: "facts/1", workerId, observedAt: at }),
    factsDigest: "",
    calls: [],
    mode: "rules",
    observedAt: at,
    validUntil: at,
    durationMs: 0,
  };
  const gate = options.gate;
  return {
    workerId,
    kind: "proposal",
    proposal,
    ...(gate === undefined
      ? {}
      : { gate: { verdict: gate, agrees: gate === verdict, reasons: ["checked"] } }),
  };
}

/** A context with nothing special in it; the same name draws the same numbers. */
export function selectContext(name = "test"): SelectContext {
  return {
    requirements: JobRequirements.parse({ schema: "job-requirements/1" }),
    random: seededRandom(name),
  };
}

const mixed: readonly Candidate[] = [
  {
    workerId: "broken",
    kind: "error",
    error: { code: "E_WORKER_OFFLINE", message: "offline", retryable: true },
  },
  { workerId: "mute", kind: "manifest_only", reason: "no secretary" },
  { workerId: "hollow", kind: "proposal" },
  proposalCandidate("small", "INCOMPATIBLE"),
  proposalCandidate("liar", "READY", {
    gate: "INCOMPATIBLE",
    metrics: { startSeconds: 0, queueDepth: 0, cost: 0 },
  }),
  proposalCandidate("alpha", "READY", {
    gate: "READY",
    metrics: { startSeconds: 5, queueDepth: 1, cost: 2 },
  }),
  proposalCandidate("beta", "READY", { metrics: { startSeconds: 5, queueDepth: 1, cost: 2 } }),
];

/** Options of {@link describeStrategy}. */
export interface StrategySuite {
  /** For a strategy that honours the order of arrival. */
  readonly ordered?: boolean;
}

/** What holds for every selection strategy. */
export function describeStrategy(name: string, create: () => Strategy, suite: StrategySuite = {}): void {
  describe(`${name} as a strategy`, () => {
    it("has a name, a tool name and a description", () => {
      const strategy = create();
      expect(strategy.name).not.toBe("");
      expect(strategy.toolName).toMatch(/^select_[a-z_]+$/);
      expect(strategy.description).not.toBe("");
    });

    it("rejects an empty field and one where nobody may be chosen", async () => {
      expect(await create().select([], selectContext())).toMatchObject({
        worker_id: null,
        status: "REJECTED",
      });
      const nobody = mixed.filter(({ workerId }) => workerId !== "alpha" && workerId !== "beta");
      const rejected = await create().select(nobody, selectContext());
      expect(rejected).toMatchObject({ worker_id: null, status: "REJECTED" });
      expect(rejected.reasoning).toContain("offline");
    });

    it("ranks candidates of every kind and chooses only among those that may be chosen", async () => {
      const chosen = await create().select(mixed, selectContext());
      expect(chosen.status).toBe("SELECTED");
      expect(["alpha", "beta"]).toContain(chosen.worker_id);
      expect(chosen.ranked.map(({ workerId }) => workerId).toSorted()).toEqual(
        mixed.map(({ workerId }) => workerId).toSorted(),
      );
      const unfit = chosen.ranked.filter(({ workerId }) => workerId !== "alpha" && workerId !== "beta");
      expect(unfit.every(({ eligible, reason }) => !eligible && reason !== "")).toBe(true);
    });

    it("lets the gate's verdict outrank the claim", async () => {
      const liar = mixed.filter(({ workerId }) => workerId === "liar");
      const rejected = await create().select(liar, selectContext());
      expect(rejected.status).toBe("REJECTED");
      expect(rejected.ranked[0]).toMatchObject({
        workerId: "liar",
        verdict: "INCOMPATIBLE",
        eligible: false,
      });
    });

    it("answers alike for the same question", async () => {
      const first = await create().select(mixed, selectContext("again"));
      expect(await create().select(mixed, selectContext("again"))).toEqual(first);
    });

    it.skipIf(suite.ordered === true)("does not depend on the order of arrival", async () => {
      const first = await create().select(mixed, selectContext("order"));
      const last = await create().select(mixed.toReversed(), selectContext("order"));
      expect(last).toEqual(first);
    });
  });
}
