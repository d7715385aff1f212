import { ParleyError } from "@parley/core";
import type { Clock, Selection } from "@parley/core";
import type { Database } from "@parley/databases";
import { z } from "zod";
import { toJson } from "../wire/to-json.ts";
import { Answer, NegotiationRecord } from "./negotiation-record.ts";
import type { Negotiation } from "./negotiation-record.ts";

const negotiations = "negotiations";
const answers = "negotiation-answers";
/** Answers stored in one record: a write for each of a thousand workers would cost a disk flush each. */
const perChunk = 25;

const Chunk = z.record(z.string(), Answer);

/** Keeps negotiations, so that select and dispatch can come later, from elsewhere, or after a restart. */
export interface NegotiationStore {
  save(negotiation: Negotiation): Promise<void>;
  /** @throws `E_NEGOTIATION_UNKNOWN` */
  load(id: string): Promise<Negotiation>;
  setSelection(id: string, selection: Selection): Promise<void>;
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
        await database.delete(answers, chunkId(stored.id, index));
      await database.delete(negotiations, stored.id);
    }
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
    if (parsed.success) return parsed.data;
    throw new ParleyError("E_DATABASE_CORRUPT", `Stored negotiation ${id} cannot be read back: ask again.`);
  }

  return {
    async save(negotiation) {
      const { answers: given, ...head } = negotiation;
      const entries = Object.entries(given);
      const chunks = Math.ceil(entries.length / perChunk);
      for (let index = 0; index < chunks; index += 1) {
        const part = Object.fromEntries(entries.slice(index * perChunk, (index + 1) * perChunk));
        await database.put(answers, chunkId(head.id, index), toJson(part));
      }
      await database.put(negotiations, head.id, toJson({ ...head, chunks }));
      await prune();
    },
    async load(id) {
      const head = await record(id);
      const parts: Record<string, Answer> = {};
      for (let index = 0; index < head.chunks; index += 1) {
        const stored = await database.get(answers, chunkId(id, index));
        Object.assign(parts, Chunk.safeParse(stored?.value).data);
      }
      return { ...head, answers: parts };
    },
    async setSelection(id, selection) {
      await database.put(negotiations, id, toJson({ ...(await record(id)), selection }));
    },
  };
}

function chunkId(id: string, index: number): string {
  return `${id}.${String(index).padStart(4, "0")}`;
}
