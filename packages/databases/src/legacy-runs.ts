import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { namesIn, onFile } from "./json/_files.ts";
import type { Json } from "./database.ts";
import { parseDatabaseUri } from "./_uri.ts";

/** A run kept by the Python server that Parley succeeds. */
export interface LegacyRun {
  readonly id: string;
  /** As the store has it; no zone is known. */
  readonly timestamp: string;
  readonly status?: string | undefined;
  readonly planSource?: string | undefined;
  /** The run's JSON; its text where it is none. */
  readonly data: Json;
}

const maxRuns = 10_000;
const maxFileBytes = 64 * 2 ** 20;

/** JSON where it is JSON, else the text itself. */
export function parseLegacyData(text: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

function fieldOf(data: Json, name: string): string | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const value: unknown = Object.entries(data).find(([key]) => key === name)?.[1];
  return typeof value === "string" ? value : undefined;
}

async function readResult(directory: string, name: string): Promise<LegacyRun | undefined> {
  const file = join(directory, name);
  const { size, mtimeMs } = await stat(file);
  if (size > maxFileBytes) return undefined;
  const data = parseLegacyData(await readFile(file, "utf8"));
  const [, day, time] = /^results-(\d{4}-\d{2}-\d{2})_(\d{2}-\d{2}-\d{2})/.exec(name) ?? [];
  const timestamp = day && time ? `${day}T${time.replaceAll("-", ":")}` : new Date(mtimeMs).toISOString();
  const status = fieldOf(data, "status");
  const planSource = fieldOf(data, "plan_source");
  return {
    id: name.slice(0, -".json".length),
    timestamp,
    ...(status === undefined ? {} : { status }),
    ...(planSource === undefined ? {} : { planSource }),
    data,
  };
}

async function readResults(directory: string): Promise<LegacyRun[]> {
  const runs: LegacyRun[] = [];
  const names = (await namesIn(directory)).filter((name) => /^results-.*\.json$/.test(name)).toSorted();
  for (const name of names.slice(0, maxRuns)) {
    const run = await readResult(directory, name);
    if (run) runs.push(run);
  }
  return runs;
}

/**
 * Reads the runs in a store of the older Python server: the table `workflow_runs`, or `DIR/results-*.json`.
 * Changes nothing; at most 10,000 runs, oldest first, files over 64 MiB left out. No such table or file: none.
 * @throws {@link ParleyError} `E_DATABASE_URI`, `E_DATABASE_IO`, `E_DATABASE_DRIVER`.
 */
export async function readLegacyRuns(uri: string): Promise<readonly LegacyRun[]> {
  const address = parseDatabaseUri(uri);
  if (address.kind === "memory") return [];
  if (address.kind === "json") return await onFile(address.path, () => readResults(address.path));
  const { readLegacyTable } = await import("./sqlite/legacy-runs.ts");
  return await readLegacyTable(address.path, maxRuns);
}
