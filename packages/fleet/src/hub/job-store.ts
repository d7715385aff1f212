import { Job, ParleyError, isTerminal } from "@parley/core";
import type { Database, Stored, Json } from "@parley/databases";
import { z } from "zod";
import { toJson } from "../wire/to-json.ts";

const jobs = "jobs";
const keys = "job-keys";

/** The ledger's storage: jobs by id, and one job per idempotency key. */
export interface JobStore {
  /** Reserves a key for a job id, before anything happens. Returns the id that holds the key. */
  reserve(key: string, jobId: string): Promise<string>;
  /** Writes a new job down; false when a caller with the same key was faster. */
  create(job: Job): Promise<boolean>;
  /** @throws `E_JOB_UNKNOWN` */
  load(id: string): Promise<Job>;
  find(id: string): Promise<Job | undefined>;
  /** Reads, changes, writes; again when somebody else wrote between. Returns the stored job. */
  update(id: string, change: (job: Job) => Job): Promise<Job>;
  /** The newest, newest last: ids sort by age. */
  list(options?: { readonly limit?: number }): Promise<readonly Job[]>;
  /** Everything that has not ended. */
  open(): Promise<readonly Job[]>;
}

export function createJobStore(database: Database): JobStore {
  async function stored(id: string): Promise<{ job: Job; version: number } | undefined> {
    const entry = await database.get(jobs, id);
    return entry && { job: readJob(entry), version: entry.version };
  }

  async function loaded(id: string): Promise<{ job: Job; version: number }> {
    const entry = await stored(id);
    if (entry) return entry;
    throw new ParleyError(
      "E_JOB_UNKNOWN",
      `No job ${JSON.stringify(id.slice(0, 80))}: list them with list_jobs.`,
    );
  }

  async function* all(): AsyncGenerator<Job> {
    for (let after: string | undefined; ;) {
      const page = await database.list(jobs, { after });
      for (const entry of page) yield readJob(entry);
      after = page.at(-1)?.id;
      if (after === undefined) return;
    }
  }

  return {
    async reserve(key, jobId) {
      try {
        await database.put(keys, key, { jobId }, { ifVersion: 0 });
        return jobId;
      } catch (error) {
        if (!isConflict(error)) throw error;
        const held = await database.get(keys, key);
        return z.object({ jobId: z.string() }).parse(held?.value).jobId;
      }
    },
    async create(job) {
      try {
        await database.put(jobs, job.id, toJson(job), { ifVersion: 0 });
        return true;
      } catch (error) {
        if (isConflict(error)) return false;
        throw error;
      }
    },
    async load(id) {
      return (await loaded(id)).job;
    },
    async find(id) {
      return (await stored(id))?.job;
    },
    async update(id, change) {
      for (let attempt = 0; ; attempt += 1) {
        const { job, version } = await loaded(id);
        const next = change(job);
        if (next === job) return job;
        try {
          await database.put(jobs, id, toJson(next), { ifVersion: version });
          return next;
        } catch (error) {
          if (!isConflict(error) || attempt >= 20) throw error;
        }
      }
    },
    async list({ limit = 200 } = {}) {
      const newest: Job[] = [];
      for await (const job of all()) {
        newest.push(job);
        if (newest.length > limit) newest.shift();
      }
      return newest;
    },
    async open() {
      const found: Job[] = [];
      for await (const job of all()) if (!isTerminal(job.state)) found.push(job);
      return found;
    },
  };
}

function readJob(entry: Stored<Json>): Job {
  const parsed = Job.safeParse(entry.value);
  if (parsed.success) return parsed.data;
  throw new ParleyError("E_DATABASE_CORRUPT", `Stored job ${entry.id} cannot be read back.`, {
    cause: parsed.error,
  });
}

function isConflict(error: unknown): boolean {
  return ParleyError.isInstance(error) && error.code === "E_DATABASE_CONFLICT";
}
