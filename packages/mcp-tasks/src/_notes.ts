import { plainText } from "./_outcome.ts";
import type { TaskRun } from "./options.ts";

const noteEveryMs = 1000;

/** Writes the last of many messages, not each. */
export function createNotes(
  write: (message: string) => Promise<unknown>,
  { signal, onError }: { readonly signal: AbortSignal; readonly onError: (error: unknown) => void },
): TaskRun["progress"] {
  let latest: string | undefined;
  let busy = false;
  const flush = async (): Promise<void> => {
    busy = true;
    for (let text = latest; text !== undefined && !signal.aborted; text = latest) {
      latest = undefined;
      await write(text).catch(onError);
      await pause(noteEveryMs);
    }
    busy = false;
  };
  return (done, total, message) => {
    latest = plainText(message ?? (total === undefined ? `${done}` : `${done} of ${total}`));
    if (!busy) void flush();
  };
}

/** A pause that keeps no process alive. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
