import { mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { ParleyError } from "@parley/core";

/** What is remembered of one submission, beside the files its job writes. */
interface JobNote {
  readonly tag: string;
  readonly siteJobId: string;
  readonly spec: string;
  readonly submittedAt: string;
}

/** Files of one tag. */
export interface JobFiles {
  readonly directory: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Written by the job itself: the exit status of its command. */
  readonly exitCode: string;
  /** Written by the job itself when it starts: its own id. */
  readonly startedAs: string;
  readonly environment: string;
  readonly lastStatus: string;
}

/**
 * What an engine remembers on disk, so that a submission whose answer was lost is found again. Directories are
 * of mode 700, files of mode 600.
 */
export interface JobStore {
  files(tag: string): JobFiles;
  /** Creates the directory of a tag and notes on disk that a submission is about to happen. */
  intend(tag: string): Promise<JobFiles>;
  /** Durable once it resolves. */
  keep(note: JobNote): Promise<void>;
  noteOf(tag: string): Promise<JobNote | undefined>;
  /** The tag a job id was given to. */
  tagOf(siteJobId: string): Promise<string | undefined>;
  writeStatus(tag: string, json: string): Promise<void>;
}

const tagPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/** @throws ParleyError `E_ARGUMENT_INVALID` */
export function checkTag(tag: string): void {
  if (tagPattern.test(tag)) return;
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `${JSON.stringify(tag.slice(0, 80))} is no job tag: use up to 128 letters, digits, _ and -.`,
  );
}

/** A small file's text; `undefined` when there is none. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

async function writeDurably(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  const file = await open(draft, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  const directory = await open(dirname(path), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function readNote(text: string | undefined): JobNote | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const { tag, siteJobId, spec, submittedAt } = Object.fromEntries(Object.entries(value));
    return [tag, siteJobId, spec, submittedAt].every((field) => typeof field === "string")
      ? {
          tag: String(tag),
          siteJobId: String(siteJobId),
          spec: String(spec),
          submittedAt: String(submittedAt),
        }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param root - absolute; for a cluster on a file system that its compute nodes see too. One per cluster.
 * @throws ParleyError `E_CONFIG_INVALID`
 */
export function createJobStore(root: string): JobStore {
  if (!isAbsolute(root)) {
    throw new ParleyError("E_CONFIG_INVALID", `The state directory ${JSON.stringify(root)} is not absolute.`);
  }
  const directoryOf = (tag: string): string => join(root, "jobs", tag);
  const idFile = (siteJobId: string): string => join(root, "ids", encodeURIComponent(siteJobId));
  const files: JobStore["files"] = (tag) => {
    checkTag(tag);
    const directory = directoryOf(tag);
    const inside = (name: string): string => join(directory, name);
    return {
      directory,
      stdout: inside("stdout"),
      stderr: inside("stderr"),
      exitCode: inside("exit-code"),
      startedAs: inside("started-as"),
      environment: inside("environment"),
      lastStatus: inside("status.json"),
    };
  };
  return {
    files,
    intend: async (tag) => {
      const all = files(tag);
      await mkdir(join(root, "ids"), { recursive: true, mode: 0o700 });
      await mkdir(all.directory, { recursive: true, mode: 0o700 });
      await writeDurably(join(all.directory, "intent"), `${tag}\n`);
      return all;
    },
    keep: async (note) => {
      await mkdir(join(root, "ids"), { recursive: true, mode: 0o700 });
      await mkdir(directoryOf(note.tag), { recursive: true, mode: 0o700 });
      await writeDurably(join(directoryOf(note.tag), "note.json"), `${JSON.stringify(note)}\n`);
      await writeDurably(idFile(note.siteJobId), `${note.tag}\n`);
    },
    noteOf: async (tag) => readNote(await readIfPresent(join(files(tag).directory, "note.json"))),
    tagOf: async (siteJobId) => {
      const tag = (await readIfPresent(idFile(siteJobId)))?.trim();
      return tag !== undefined && tagPattern.test(tag) ? tag : undefined;
    },
    writeStatus: (tag, json) => writeFile(files(tag).lastStatus, json, { mode: 0o600 }),
  };
}
