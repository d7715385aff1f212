import { ParleyError, shortHash } from "@parley/core";
import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeExclusive } from "./_files.js";
import { isBeginRecord, isEndRecord, isJobRecord, isProcessRecord } from "./_record.ts";
import type { BeginRecord, EndRecord, JobRecord, ProcessRecord } from "./_record.ts";

const idPattern = /^local-[0-9a-v]{16}$/;
const errorCode = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;

/** The id a tag always has: two submissions of one tag meet in one directory. */
export function idOfTag(tag: string): string {
  return `local-${BigInt(`0x${shortHash(tag, 20)}`)
    .toString(32)
    .padStart(16, "0")}`;
}

const unusable = (stateDir: string, error: unknown): ParleyError =>
  new ParleyError(
    "E_ENGINE_UNREACHABLE",
    `The jobs under ${stateDir} cannot be read or written (${String(errorCode(error) ?? error)}); make the directory writable or name another.`,
    { cause: error },
  );

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One directory per job. Every file in it is written once, except the two outputs. */
export interface Store {
  folder(id: string): string;
  ids(): Promise<readonly string[]>;
  /** Adds a job unless its id exists. */
  add(record: Omit<JobRecord, "directory">, directory: string | undefined): Promise<void>;
  job(id: string): Promise<JobRecord | undefined>;
  begin(id: string): Promise<BeginRecord | undefined>;
  end(id: string): Promise<EndRecord | undefined>;
  child(id: string): Promise<ProcessRecord | undefined>;
  /** @returns false when somebody else settled it first */
  settleBegin(id: string, begin: BeginRecord): boolean;
  settleEnd(id: string, end: EndRecord): boolean;
  askCancel(id: string, at: string): void;
  remove(id: string): Promise<void>;
}

export function createStore(stateDir: string): Store {
  const jobs = join(stateDir, "jobs");
  const folder = (id: string): string => join(jobs, id);
  const read = async <T>(
    id: string,
    name: string,
    is: (value: unknown) => value is T,
  ): Promise<T | undefined> => {
    if (!idPattern.test(id)) return undefined;
    const path = join(jobs, id, name);
    let text: string;
    try {
      text = await readFile(path, "utf8");
    } catch (error) {
      if (errorCode(error) === "ENOENT") return undefined;
      throw unusable(stateDir, error);
    }
    const value = parseJson(text);
    if (is(value)) return value;
    throw new ParleyError(
      "E_ENGINE_OUTPUT",
      `${path} is no record of a local job; move the job's directory away.`,
    );
  };
  const write = (id: string, name: string, record: unknown): boolean => {
    try {
      return writeExclusive(join(folder(id), name), record);
    } catch (error) {
      throw unusable(stateDir, error);
    }
  };
  return {
    folder,
    ids: async () => {
      try {
        return (await readdir(jobs)).filter((name) => idPattern.test(name));
      } catch (error) {
        if (errorCode(error) === "ENOENT") return [];
        throw unusable(stateDir, error);
      }
    },
    add: async (record, directory) => {
      try {
        await addJob(jobs, record, directory);
      } catch (error) {
        throw unusable(stateDir, error);
      }
    },
    job: (id) => read(id, "job.json", isJobRecord),
    begin: (id) => read(id, "begin.json", isBeginRecord),
    end: (id) => read(id, "exit.json", isEndRecord),
    child: (id) => read(id, "child.json", isProcessRecord),
    settleBegin: (id, begin) => write(id, "begin.json", begin),
    settleEnd: (id, end) => write(id, "exit.json", end),
    askCancel: (id, at) => {
      write(id, "cancel.json", { at });
    },
    remove: (id) => rm(folder(id), { recursive: true, force: true }),
  };
}

/** The directory is complete before it gets its name; renaming onto a job that exists fails. */
async function addJob(
  jobs: string,
  record: Omit<JobRecord, "directory">,
  directory: string | undefined,
): Promise<void> {
  const final = join(jobs, record.id);
  const draft = join(jobs, `.${record.id}.${randomUUID()}`);
  await mkdir(join(draft, "work"), { recursive: true, mode: 0o700 });
  try {
    writeExclusive(join(draft, "job.json"), { ...record, directory: directory ?? join(final, "work") });
    await syncFolder(draft);
    await rename(draft, final);
    await syncFolder(jobs);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (errorCode(error) !== "ENOTEMPTY" && errorCode(error) !== "EEXIST") throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
