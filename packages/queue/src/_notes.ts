import type { Context } from "./_context.ts";
import type { ContentRow } from "./_rows.ts";
import type { Note } from "./schema.ts";

/** Notes kept per kind; older ones go. */
const kept = 3;

/** What was said about a task so far. */
export function readNotes(content: ContentRow | undefined): Note[] {
  const notes: Note[] = JSON.parse(content?.notes ?? "[]");
  return notes;
}

/** Adds a note for the next attempt and forgets the oldest of its kind. */
export function addNote({ statements }: Context, seq: number, added: Note): void {
  const notes = [...readNotes(statements.contentBySeq.get(seq)), added];
  const surplus = notes.filter(({ kind }) => kind === added.kind).length - kept;
  const oldest = surplus > 0 ? notes.findIndex(({ kind }) => kind === added.kind) : -1;
  statements.setContent.notes(JSON.stringify(notes.filter((_, index) => index !== oldest)), seq);
}
