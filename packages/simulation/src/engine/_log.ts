import { ParleyError, isoTime, type LogChunk } from "@parley/core";
import type { ClusterModel } from "../model/cluster-model.ts";
import { programName } from "./_course.ts";
import { missingLoad } from "./_loads.ts";
import { effectiveEndMs } from "./_state.ts";
import type { SimulatedJob } from "./job-store.ts";

const steps = 10;

/** What the job has printed by `nowMs`; every line of ours says that it is simulated. */
export function outputUntil(model: ClusterModel, job: SimulatedJob, nowMs: number): string {
  const endAtMs = effectiveEndMs(job);
  const shownMs = Math.min(nowMs, endAtMs);
  if (shownMs < job.startAtMs) return "";
  const program = programName(job.spec.command);
  const missing = missingLoad(model, job.spec);
  const at = `[simulated] ${isoTime(job.startAtMs)}`;
  const loaded =
    missing === undefined ? job.spec.load : job.spec.load.slice(0, job.spec.load.indexOf(missing));
  const lines = [
    ...loaded.map(({ via, name }) => `${at} loaded ${name} through ${via}`),
    ...(missing === undefined ? [`${at} ${model.name}: job ${job.siteJobId} starts ${program}`] : []),
  ];
  const isEcho = program === "echo" && missing === undefined;
  for (let step = isEcho || missing ? steps : 1; step < steps; step += 1) {
    const atMs = Math.round(job.startAtMs + ((job.endAtMs - job.startAtMs) * step) / steps);
    if (atMs <= shownMs) lines.push(`[simulated] ${isoTime(atMs)} ${step * (100 / steps)} % done`);
  }
  const ended = nowMs >= endAtMs;
  if (ended && isEcho && job.canceledAtMs === undefined) lines.push(job.spec.command.slice(1).join(" "));
  if (ended) lines.push(`[simulated] ${isoTime(endAtMs)} ${ending(job)}`);
  return `${lines.join("\n")}\n`;
}

function ending(job: SimulatedJob): string {
  if (job.canceledAtMs !== undefined) return "canceled";
  return job.timedOut ? "walltime exceeded" : `exit ${job.exitCode}`;
}

/** What the job has written to its standard error by `nowMs`. */
export function errorsUntil(model: ClusterModel, job: SimulatedJob, nowMs: number): string {
  if (nowMs < job.endAtMs || job.canceledAtMs !== undefined || job.exitCode === 0) return "";
  const missing = missingLoad(model, job.spec);
  if (missing !== undefined) return `[simulated] could not load ${missing.name} through ${missing.via}\n`;
  return `[simulated] ${programName(job.spec.command)}: ${ending(job)}\n`;
}

function parseCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    "The log cursor is not one this engine gave; start without one.",
  );
}

/** Cuts a piece out of an output at a byte cursor, never within a character. */
export function logChunk(
  text: string,
  {
    cursor,
    maxBytes = 65_536,
    ended,
  }: { cursor?: string | undefined; maxBytes?: number | undefined; ended: boolean },
): LogChunk {
  const bytes = Buffer.from(text);
  const from = Math.min(parseCursor(cursor), bytes.length);
  let until = Math.min(bytes.length, from + Math.max(4, maxBytes));
  while (until > from && ((bytes[until] ?? 0) & 0xc0) === 0x80) until -= 1;
  return {
    text: bytes.subarray(from, until).toString(),
    cursor: String(until),
    complete: ended && until === bytes.length,
    truncated: false,
  };
}
