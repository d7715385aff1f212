import { ParleyError } from "@parley/core";
import type { Deadline } from "../_deadline.ts";
import type { JobStore } from "../_job-store.ts";
import { readIfPresent } from "../_job-store.ts";
import type { SlurmClient } from "./client.ts";

/** What makes a job one of ours, in its comment. */
export const commentOf = (tag: string): string => `parley:${tag}`;

/** Job ids as this engine gives them out: no arrays, no steps. */
export const jobIdPattern = /^[1-9]\d{0,9}$/;

/** The first job whose comment is the tag's, in lines of `ID|COMMENT`. */
function findComment(stdout: string, tag: string): string | undefined {
  const ids = stdout.split("\n").flatMap((line) => {
    const at = line.indexOf("|");
    const id = line.slice(0, at).trim();
    return at > 0 && line.slice(at + 1).trim() === commentOf(tag) && jobIdPattern.test(id) ? [id] : [];
  });
  return ids.toSorted((left, right) => Number(left) - Number(right))[0];
}

/**
 * The job of a tag: from our note, from what the job itself left, from the queue, from accounting.
 * @throws ParleyError `E_ENGINE_UNREACHABLE` when the queue cannot be asked: then nobody knows
 */
export async function findJob(
  client: SlurmClient,
  store: JobStore,
  call: { tag: string; deadline: Deadline },
): Promise<string | undefined> {
  const { tag, deadline } = call;
  if (deadline.signal?.aborted === true)
    throw new ParleyError("E_INTERRUPTED", "The search was interrupted.");
  const note = await store.noteOf(tag);
  if (note !== undefined) return note.siteJobId;
  const left = (await readIfPresent(store.files(tag).startedAs))?.trim();
  if (left !== undefined && jobIdPattern.test(left)) return left;
  const queued = findComment(
    await client.read("squeue", ["-h", "--me", "-t", "all", "-o", "%A|%k"], deadline),
    tag,
  );
  if (queued !== undefined) return queued;
  // Sites without accounting answer with an error here; the queue has been asked already.
  const accounts = await client.run(
    "sacct",
    ["-X", "-n", "-P", "-S", "now-30days", "-o", "JobIDRaw,Comment"],
    deadline,
  );
  return accounts.ok ? findComment(accounts.stdout, tag) : undefined;
}

/** The tag a job carries, from our files or, after a crash, from its comment. */
export async function tagOfJob(
  client: SlurmClient,
  store: JobStore,
  call: { siteJobId: string; deadline: Deadline },
): Promise<string | undefined> {
  const noted = await store.tagOf(call.siteJobId);
  if (noted !== undefined) return noted;
  const answer = await client.run(
    "squeue",
    ["-h", "-t", "all", "-j", call.siteJobId, "-o", "%A|%k"],
    call.deadline,
  );
  const tag = answer.ok ? /^\d+\|parley:([A-Za-z0-9][\w-]{0,127})\s*$/m.exec(answer.stdout)?.[1] : undefined;
  return tag;
}
