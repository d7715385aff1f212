import { createMemoryDatabase } from "@parley/databases";
import { fakeClock } from "@parley/testing";
import { expect, test } from "vitest";
import type { Answer, Negotiation } from "../src/hub/negotiation-record.ts";
import { createNegotiationStore } from "../src/hub/negotiation-store.ts";

const day = 86_400_000;

function testStore() {
  const [database, clock] = [createMemoryDatabase(), fakeClock()];
  const store = createNegotiationStore({ database, clock, keepMs: 30 * day });
  const save = async ({ answers, durationMs, ...head }: Negotiation): Promise<Negotiation> => {
    const draft = await store.begin({ ...head, durationMs: 0 });
    for (const [id, answer] of Object.entries(answers).toReversed()) draft.add(id, answer);
    return await draft.finish(durationMs);
  };
  return { database, clock, store, save };
}

function negotiation(count: number, more: Partial<Negotiation> = {}): Negotiation {
  const error: Answer = { type: "error", code: "E_X", message: "no", retryable: false };
  const workers = Array.from({ length: count }, (_, index) => `w${index}`);
  return {
    schema: "negotiation/1",
    id: `neg_${count}`,
    at: "2026-01-01T00:00:00.000Z",
    intent: "satisfy",
    prompt: "x",
    requirements: { schema: "job-requirements/1", intent: "run", unresolved: [] },
    spans: [],
    workers,
    chunks: 0,
    durationMs: 1,
    answers: Object.fromEntries(workers.map((id) => [id, error])),
    ...more,
  };
}

test.each([0, 1, 25, 26, 130])("%i answers come back as they were", async (count) => {
  const { store, save } = testStore();
  const saved = await save(negotiation(count));
  const loaded = await store.load(saved.id);
  expect(Object.keys(loaded.answers)).toEqual(saved.workers);
  expect(loaded.chunks).toBe(Math.ceil(count / 25));
  const selection = {
    worker_id: null,
    status: "REJECTED",
    reasoning: "none",
    ranked: [],
    metadata: { tried: [] },
  } as const;
  await store.setSelection(saved.id, { ...selection, ranked: [], metadata: { tried: [] } });
  expect((await store.load(saved.id)).selection).toMatchObject({ status: "REJECTED" });
});

test("a negotiation that was interrupted is unknown, and goes in its time", async () => {
  const { database, clock, store, save } = testStore();
  const { answers, ...head } = negotiation(30);
  const draft = await store.begin(head);
  for (const [id, answer] of Object.entries(answers)) draft.add(id, answer);
  await expect(store.load(head.id)).rejects.toMatchObject({
    code: "E_NEGOTIATION_UNKNOWN",
    message: expect.stringContaining("interrupted"),
  });
  expect(await database.list("negotiation-answers")).toHaveLength(1);
  clock.advance(31 * day);
  await save(negotiation(0, { id: "neg_9", at: new Date(clock.now()).toISOString() }));
  expect(await database.list("negotiation-answers")).toEqual([]);
});

test("a store that fails while answers come in says so at the end", async () => {
  const { database, store } = testStore();
  const { answers, ...head } = negotiation(30);
  const draft = await store.begin(head);
  await database.close();
  for (const [id, answer] of Object.entries(answers)) draft.add(id, answer);
  await expect(draft.finish(1)).rejects.toMatchObject({ code: "E_DATABASE_IO" });
});

test("unknown and damaged negotiations are told apart", async () => {
  const { database, store } = testStore();
  await expect(store.load("neg_none")).rejects.toMatchObject({ code: "E_NEGOTIATION_UNKNOWN", exitCode: 2 });
  await database.put("negotiations", "neg_bad", { schema: "negotiation/1" });
  await expect(store.load("neg_bad")).rejects.toMatchObject({ code: "E_DATABASE_CORRUPT" });
});

test("old negotiations go with their answers, young ones and unreadable ones stay", async () => {
  const { database, clock, store, save } = testStore();
  await database.put("negotiations", "neg_0", { schema: "of another age" });
  await save(negotiation(30, { id: "neg_1" }));
  clock.advance(29 * day);
  const at = new Date(clock.now()).toISOString();
  await save(negotiation(1, { id: "neg_2", at }));
  await expect(store.load("neg_1")).resolves.toBeDefined();
  clock.advance(2 * day);
  await save(negotiation(1, { id: "neg_3", at: new Date(clock.now()).toISOString() }));
  await expect(store.load("neg_1")).rejects.toMatchObject({ code: "E_NEGOTIATION_UNKNOWN" });
  await expect(store.load("neg_2")).resolves.toBeDefined();
  const answers = (await database.list("negotiation-answers")).map(({ id }) => id);
  expect(answers).toEqual(["neg_2.0000", "neg_3.0000"]);
  expect(await database.get("negotiations", "neg_0")).toBeDefined();
});
