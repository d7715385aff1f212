import { ParleyError } from "@parley/core";
import type { Clock, Selection } from "@parley/core";
import type { Database } from "@parley/databases";
import { z } from "zod";
import { toJson } from "../wire/to-json.ts";
import { Answer, NegotiationRecord } from "./negotiation-record.ts";
import type { Negotiation } from "./negotiation-record.ts";

const negotiations = "negotiations";
const answerChunks = "negotiation-answers";
/** Answers stored in one record: a write for each of a thousand workers would cost a disk flush each. */
const perChunk = 25;

const Chunk = z.record(z.string(), Answer);

/** Keeps negotiations, so that select and dispatch can come later, from elsewhere, or after a restart. */
export interface NegotiationStore {
  /** Begins the record of a negotiation; answers are stored while others are still awaited. */
  begin(head: NegotiationRecord): Promise<NegotiationDraft>;
  /** @throws `E_NEGOTIATION_UNKNOWN` also for one that was interrupted before it was finished */
  load(id: string): Promise<Negotiation>;
  setSelection(id: string, selection: Selection): Promise<void>;
}

/** A negotiation that is going on. */
interface NegotiationDraft {
  add(workerId: string, answer: Answer): void;
  /** Resolves when all answers are stored, and the negotiation can be loaded. */
  finish(durationMs: number): Promise<Negotiation>;
}

export interface NegotiationStoreOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Milliseconds after which a negotiation is forgotten. */
  readonly keepMs: number;
}

/** Old negotiations deleted with each new one: enough to keep up, never a long pause. */
const prunedAtOnce = 10;

export function createNegotiationStore({
  database,
  clock,
  keepMs,
}: NegotiationStoreOptions): NegotiationStore {
  /** Ids sort by age, so the oldest come first. */
  async function prune(): Promise<void> {
    for (const stored of await database.list(negotiations, { limit: prunedAtOnce })) {
      const old = NegotiationRecord.safeParse(stored.value);
      if (!old.success) continue;
      if (clock.now() - Date.parse(old.data.at) < keepMs) return;
      for (let index = 0; index < old.data.chunks; index += 1)
        await database.delete(answerChunks, chunkId(stored.id, index));
      await database.delete(negotiations, stored.id);
    }
  }

  function draft(head: NegotiationRecord): NegotiationDraft {
    const answers: Record<string, Answer> = {};
    const waiting: [string, Answer][] = [];
    let written = 0;
    let writing: Promise<unknown> = Promise.resolve();
    const flush = (): void => {
      const id = chunkId(head.id, written);
      const part = toJson(Object.fromEntries(waiting.splice(0)));
      written += 1;
      writing = writing.then(() => database.put(answerChunks, id, part));
      // Told by `finish`.
      writing.catch(() => undefined);
    };
    return {
      add(workerId, answer) {
        answers[workerId] = answer;
        waiting.push([workerId, answer]);
        if (waiting.length >= perChunk) flush();
      },
      async finish(durationMs) {
        if (waiting.length > 0) flush();
        await writing;
        const finished = { ...head, durationMs };
        await database.put(negotiations, head.id, toJson(finished));
        await prune();
        return { ...finished, answers: inOrder(head, answers) };
      },
    };
  }

  async function record(id: string): Promise<NegotiationRecord> {
    const stored = await database.get(negotiations, id);
    if (!stored) {
      throw new ParleyError(
        "E_NEGOTIATION_UNKNOWN",
        `No negotiation ${JSON.stringify(id.slice(0, 80))}: ask again.`,
      );
    }
    const parsed = NegotiationRecord.safeParse(stored.value);
    if (parsed.success && parsed.data.open === true) {
      throw new ParleyError(
        "E_NEGOTIATION_UNKNOWN",
        `Negotiation ${id} was interrupted before its answers were in: ask again.`,
      );
    }
    if (parsed.success) return parsed.data;
    throw new ParleyError("E_DATABASE_CORRUPT", `Stored negotiation ${id} cannot be read back: ask again.`);
  }

  return {
    async begin(head) {
      const chunks = Math.ceil(head.workers.length / perChunk);
      await database.put(negotiations, head.id, toJson({ ...head, chunks, open: true }));
      return draft({ ...head, chunks });
    },
    async load(id) {
      const head = await record(id);
      const parts: Record<string, Answer> = {};
      for (let index = 0; index < head.chunks; index += 1) {
        const stored = await database.get(answerChunks, chunkId(id, index));
        Object.assign(parts, Chunk.safeParse(stored?.value).data);
      }
      return { ...head, answers: inOrder(head, parts) };
    },
    async setSelection(id, selection) {
      await database.put(negotiations, id, toJson({ ...(await record(id)), selection }));
    },
  };
}

/** Answers are stored as they come in, and shown in the order of the workers. */
function inOrder(
  { workers }: NegotiationRecord,
  answers: Readonly<Record<string, Answer>>,
): Readonly<Record<string, Answer>> {
  return Object.fromEntries(
    workers.flatMap((id) => (answers[id] === undefined ? [] : [[id, answers[id]] as const])),
  );
}

function chunkId(id: string, index: number): string {
  return `${id}.${String(index).padStart(4, "0")}`;
}
