import { ParleyError } from "@parley/core";
import { readProposals, strategies } from "@parley/selection";
import type { Candidate } from "@parley/selection";
import { proposalCandidate, selectContext } from "@parley/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

const clock = { now: () => Date.parse("2026-11-20T10:00:00.000Z") };
const read = (json: unknown) => readProposals(json, { clock });
const text = (block: object): string =>
  `EARLY RETURN: False\nFINAL PROPOSAL: yes\n\`\`\`json\n${JSON.stringify(block)}\n\`\`\`\n\nCALLS\n\`\`\`json\n[{"provider":"slurm"}]\n\`\`\``;
const block = {
  verdict: "READY",
  reasoning: "fits",
  metrics: { queue_depth: 4, ets_seconds: -1 },
  constraints: ["one"],
};

/** Anything but the expected error fails the test. */
function attempt(work: () => Candidate[]): Candidate[] {
  try {
    return work();
  } catch (error) {
    if (ParleyError.isInstance(error) && error.code === "E_SELECT_PROPOSALS") return [];
    throw error;
  }
}

describe("older proposals files", () => {
  it("reads the fenced block, the metrics beside it and -1 as unknown", () => {
    const [candidate] = read({
      w1: {
        type: "agentic_proposal",
        data: { worker_id: "w1", proposal: text(block) },
        metrics: { total_cost: 12.5, available_cores: 640 },
      },
    });
    expect(candidate).toMatchObject({
      workerId: "w1",
      kind: "proposal",
      proposal: {
        verdict: "READY",
        reasons: ["fits"],
        constraints: ["one"],
        metrics: { queueDepth: 4, startSeconds: null, cost: 12.5, idleCores: 640 },
        observedAt: "2026-11-20T10:00:00.000Z",
      },
    });
    expect(candidate?.gate).toBeUndefined();
  });

  it("takes actual_verdict for the truth and reads a block without one as UNKNOWN", () => {
    const [liar, odd] = read({
      liar: { data: { proposal: text(block) }, actual_verdict: "INCOMPATIBLE" },
      odd: { data: { proposal: text({ ...block, verdict: "MAYBE" }) } },
    });
    expect(liar?.gate).toMatchObject({ verdict: "INCOMPATIBLE", agrees: false });
    expect(odd?.proposal?.verdict).toBe("UNKNOWN");
  });

  it.each([
    ["data as text", { data: text(block) }],
    ["data as JSON text", { data: JSON.stringify({ proposal: text(block) }) }],
    ["the proposal as bare JSON", { data: { proposal: JSON.stringify(block) } }],
    ["JSON encoded twice", { data: { proposal: JSON.stringify(JSON.stringify(block)) } }],
    [
      "a block encoded twice",
      { data: { proposal: `\`\`\`json\n${JSON.stringify(JSON.stringify(block))}\n\`\`\`` } },
    ],
    ["JSON amid prose", { data: { proposal: `I say ${JSON.stringify(block)} so there.` } }],
    ["an object", { data: { proposal: block } }],
    ["only status", { status: JSON.stringify({ worker_id: "w", proposal: text(block) }) }],
  ])("reads %s", (_name, entry) => {
    const [candidate] = read({ w: entry });
    expect(candidate).toMatchObject({ kind: "proposal", proposal: { verdict: "READY" } });
  });

  it("keeps errors, manifests and unreadable answers as such", () => {
    expect(
      read({
        a: { type: "error", message: "no key", code: "LLM_KEY_MISSING" },
        b: { type: "manifest_only", reasoning: "no secretary", data: "{}" },
        c: { data: { proposal: "I would rather not say" } },
        d: { type: "error" },
      }),
    ).toMatchObject([
      { kind: "error", error: { code: "LLM_KEY_MISSING", message: "no key" } },
      { kind: "manifest_only", reason: "no secretary" },
      { kind: "error", error: { code: "E_SELECT_PROPOSALS" } },
      { kind: "error", error: { message: "it could not be asked" } },
    ]);
  });
});

describe("our own output", () => {
  const candidate = proposalCandidate("w", "BUSY", { metrics: { queueDepth: 2 }, gate: "RESTRICTED" });

  it.each([
    ["as a candidate", candidate],
    [
      "beside the text",
      { type: "agentic_proposal", data: { proposal: text(block), structured: candidate.proposal } },
    ],
    ["as data", { data: candidate.proposal }],
    ["bare", candidate.proposal],
  ])("reads a typed proposal %s", (_name, entry) => {
    const [found] = read(JSON.stringify({ negotiation_id: "n", proposals: { w: entry } }));
    expect(found?.proposal).toEqual(candidate.proposal);
  });

  it("keeps the gate", () => {
    expect(read({ proposals: { w: candidate } })[0]?.gate).toMatchObject({
      verdict: "RESTRICTED",
      reasons: ["checked"],
    });
  });

  it("does not take a broken typed proposal for a sound one", () => {
    const broken = { ...candidate.proposal, metrics: "many", verdict: "READY" };
    expect(read({ w: { data: broken } })).toMatchObject([{ kind: "error" }]);
  });
});

describe("[ASK-09] a structured answer that cannot be read", () => {
  const { proposal } = proposalCandidate("w", "READY");

  it.each([
    [
      "a field of the wrong kind",
      { ...proposal, metrics: { ...proposal?.metrics, queueDepth: "few" } },
      "metrics.queueDepth",
    ],
    ["a verdict nobody knows", { ...proposal, verdict: "YES" }, "verdict"],
    ["another version", { ...proposal, schema: "proposal/2" }, "schema"],
    ["a block of the plain kind", block, "schema"],
    ["text", "READY", "expected object"],
  ])("is an error that says what: %s", async (_name, structured, where) => {
    const words = { proposal: text(block), structured };
    const candidates = read({ w: { type: "agentic_proposal", data: words }, beside: { ...words } });
    const message = expect.stringMatching(`structured answer cannot be read.*${where}`);
    expect(candidates).toMatchObject([
      { kind: "error", error: { code: "E_SELECT_PROPOSALS", message } },
      { kind: "error", error: { message } },
    ]);
    for (const strategy of strategies) {
      const selection = await strategy.select(candidates, selectContext());
      expect(selection).toMatchObject({
        worker_id: null,
        ranked: [{ reason: message }, { reason: message }],
      });
    }
  });

  it("is none when it is null, and may lack the facts that a hub's short view leaves out", () => {
    const { facts: _facts, ...short } = proposal ?? {};
    const gate = { verdict: "BUSY", agrees: false, reasons: ["checked"] };
    expect(
      read({
        plain: { data: { proposal: text(block), structured: null } },
        w: { data: { proposal: text(block), structured: short }, gate },
      }),
    ).toMatchObject([
      { kind: "proposal", proposal: { verdict: "READY", constraints: ["one"] } },
      { kind: "proposal", proposal: { offerId: proposal?.offerId, facts: { workloads: [] } }, gate },
    ]);
  });
});

describe("what cannot be read", () => {
  it.each([
    ["text that is no JSON", "READY", /not JSON/],
    ["a list", [], /a list/],
    ["null", null, /empty/],
    ["a number as an entry", { w1: 5 }, /Entry "w1" is a number/],
    ["null as an entry", { proposals: { w2: null } }, /Entry "w2" is empty/],
  ])("refuses %s", (_name, json, message) => {
    expect(() => read(json)).toThrow(message);
    expect(() => read(json)).toThrow(expect.objectContaining({ code: "E_SELECT_PROPOSALS" }));
  });

  it("bounds entries, text and reasons", () => {
    const many = Object.fromEntries(Array.from({ length: 20_001 }, (_unused, index) => [`w${index}`, {}]));
    expect(() => read(many)).toThrow(/more than 20000/);
    const [fences] = read({ w: { data: "```{".repeat(200_000) } });
    expect(fences?.kind).toBe("error");
    const [long] = read({
      w: { data: { verdict: "READY", reasoning: "x".repeat(1e6), constraints: Array(1e4).fill("y") } },
    });
    expect(long?.proposal?.reasons[0]).toHaveLength(2000);
    expect(long?.proposal?.constraints).toHaveLength(64);
  });

  it("never throws anything but E_SELECT_PROPOSALS, and no strategy chokes on what comes out", async () => {
    const entry = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          data: fc.oneof(fc.jsonValue(), fc.string()),
          metrics: fc.jsonValue(),
          actual_verdict: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
      fc.record({
        data: fc.record({ verdict: fc.jsonValue(), metrics: fc.dictionary(fc.string(), fc.jsonValue()) }),
      }),
    );
    const json = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), entry));
    await fc.assert(
      fc.asyncProperty(json, fc.constantFrom(...strategies), async (value, strategy) => {
        const candidates = attempt(() => read(JSON.stringify(value)));
        const selection = await strategy.select(candidates, selectContext());
        expect(["SELECTED", "REJECTED"]).toContain(selection.status);
      }),
    );
  });
});
