import { ParleyError } from "@parley/core";
import type { AskOptions, Question } from "@parley/plans";

/** Questions that wait for a person. */
export interface Answers {
  /** Oldest first. */
  readonly open: readonly Question[];
  ask(question: Question, options: AskOptions): Promise<string>;
  /** @throws `E_OBJECT_UNKNOWN`, `E_ARGUMENT_INVALID` */
  answer(id: string, text: string): void;
  dismiss(): void;
}

interface Waiting {
  readonly question: Question;
  resolve(text: string): void;
  reject(error: ParleyError): void;
}

const gone = (id: string): ParleyError =>
  new ParleyError("E_INTERRUPTED", `The run stopped before ${id} was answered.`);

/** @param onChange - hears of a question that is put, and of one that is open no more */
export function createAnswers(onChange: () => void): Answers {
  const waiting = new Map<string, Waiting>();
  const take = (id: string): Waiting | undefined => {
    const found = waiting.get(id);
    if (waiting.delete(id)) onChange();
    return found;
  };
  return {
    get open() {
      return Array.from(waiting.values(), ({ question }) => question);
    },
    ask(question, { signal }) {
      const { id } = question;
      if (signal.aborted) return Promise.reject(gone(id));
      return new Promise<string>((resolve, reject) => {
        const stop = (): void => take(id)?.reject(gone(id));
        const settled = (): void => signal.removeEventListener("abort", stop);
        signal.addEventListener("abort", stop, { once: true });
        waiting.set(id, {
          question,
          resolve: (text) => {
            settled();
            resolve(text);
          },
          reject: (error) => {
            settled();
            reject(error);
          },
        });
        onChange();
      });
    },
    answer(id, text) {
      const found = waiting.get(id);
      if (found === undefined) {
        throw new ParleyError(
          "E_OBJECT_UNKNOWN",
          `No question ${id} is open: it was answered, or the run went on.`,
        );
      }
      const answer = accepted(found.question, text);
      take(id)?.resolve(answer);
    },
    dismiss() {
      for (const id of waiting.keys()) take(id)?.reject(gone(id));
    },
  };
}

/** What the text means as an answer: one of the options, whatever its case, where there are any. */
function accepted({ id, options, free, initial }: Question, text: string): string {
  const given = text.trim() === "" ? (initial ?? text) : text;
  if (options === undefined) return given;
  const word = given.trim().toLowerCase();
  const option = options.find((each) => each.toLowerCase() === word);
  if (option !== undefined) return option;
  if (free === true && given.trim() !== "") return given;
  throw new ParleyError("E_ARGUMENT_INVALID", `${id}: the answer is one of ${options.join(", ")}.`);
}
