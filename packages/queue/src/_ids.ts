import type { TaskRow } from "./_rows.ts";
import type { Statements } from "./_statements.ts";

/** An id says where its row is, so that no index of random ids is needed; the random part makes it unguessable. */
export function taskId(seq: number, random: string): string {
  return `task_${seq.toString(36)}_${random}`;
}

/** The row number in an id; 0, which no row has, in any other text. */
export function seqOf(id: string): number {
  const [, seq] = /^task_([0-9a-z]{1,10})_[0-9a-f]{32}$/.exec(id) ?? [];
  return seq === undefined ? 0 : Number.parseInt(seq, 36);
}

/** The task of an id. */
export function findTask({ taskBySeq }: Statements, id: string): TaskRow | undefined {
  const row = taskBySeq.get(seqOf(id));
  return row?.id === id ? row : undefined;
}
