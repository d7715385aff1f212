import { ExitWith } from "@parley/cli";
import type { Io } from "@parley/cli";
import { ExitCode, ParleyError } from "@parley/core";
import { verifyAudit } from "@parley/gateway";
import type { AuditGap, AuditVerdict } from "@parley/gateway";

/** Checks every line; ends with 1 at the first that is broken, or when the anchor is not met. */
export async function verify(
  files: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  io: Io,
): Promise<void> {
  const verdict = await verifyAudit(files, anchorOf(flags["head"]));
  if (flags["json"] === true) io.out(JSON.stringify(verdict, undefined, 2));
  else if (verdict.ok) io.out(wordsOf(verdict));
  else io.err(wordsOf(verdict));
  if (!verdict.ok) throw new ExitWith(ExitCode.failed);
}

/** Prints number and hash of the last line, to be kept elsewhere. @throws `E_OBJECT_CONFLICT` when the chain is broken */
export async function head(
  files: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  io: Io,
): Promise<void> {
  const verdict = await verifyAudit(files);
  if (!verdict.ok) throw new ParleyError("E_OBJECT_CONFLICT", wordsOf(verdict));
  const { seq, hash } = verdict.head ?? { seq: 0, hash: "" };
  io.out(flags["json"] === true ? JSON.stringify({ seq, hash }) : `${seq}:${hash}`);
}

function wordsOf({ ok, lines, first, after, head: last, broken, anchored, gaps }: AuditVerdict): string {
  if (broken !== undefined)
    return `${broken.file}:${broken.line}: ${broken.why}; the ${lines} lines before it are whole.`;
  if (!ok && anchored === false)
    return "The chain is whole, and the given head is not in it: lines are missing, or it is another chain.";
  if (last === undefined) return "ok: there are no lines.";
  const from =
    first === undefined || first === 1 ? "" : `; it begins with line ${first}, after ${after ?? ""}`;
  return [`ok: ${lines} lines, head ${last.seq}:${last.hash}${from}`, ...gaps.map(missing)].join("\n");
}

function missing({ seq, at, dropped }: AuditGap): string {
  return `line ${seq}: ${dropped} records are missing from ${at} on; the disk took none`;
}

function anchorOf(given: unknown): { readonly seq: number; readonly hash: string } | undefined {
  if (given === undefined) return undefined;
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(typeof given === "string" ? given : "") ?? [];
  if (seq !== undefined && hash !== undefined) return { seq: Number(seq), hash };
  throw new ParleyError("E_CONFIG_INVALID", "--head: write NUMBER:HASH, as mcpo audit head prints it.");
}
