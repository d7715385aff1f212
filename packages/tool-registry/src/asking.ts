import { canonicalJson, ParleyError, shortHash } from "@parley/core";
import type { z } from "zod";
import type { JsonSchema } from "./definitions.ts";
import {
  type Answers,
  ask,
  type AskKind,
  type FormAnswer,
  type FormContent,
  type FormQuestion,
  type Question,
  type Questions,
  type Root,
  type Sample,
  type SampleQuestion,
} from "./questions.ts";

/**
 * How a running tool, prompt or resource asks its client.
 *
 * A question ends the present run: the client gets it, answers, and the handler runs again from its start, where the
 * same call now returns the answer. So ask before acting, or wrap in {@link Asking.once} what must not happen twice.
 * Questions asked side by side (`Promise.all`) go out together. Let the error that ends a run pass.
 */
export interface Asking {
  /** Whether the client can be asked this way; ask it before offering a choice of ways. */
  readonly canAsk: (kind: AskKind) => boolean;
  /**
   * Asks several questions in one exchange. An answer that does not fit its question is asked for again.
   * @throws `E_INPUT_UNSUPPORTED` when the client cannot be asked; left alone it reaches the client as `-32021`
   */
  readonly input: <Asked extends Questions>(questions: Asked) => Promise<Answers<Asked>>;
  /** Shows the user a form. @throws `E_INPUT_UNSUPPORTED` */
  readonly elicit: <Schema extends z.ZodObject | JsonSchema>(
    question: FormQuestion<Schema>,
  ) => Promise<FormAnswer<FormContent<Schema>>>;
  /** Asks the client's model. @throws `E_INPUT_UNSUPPORTED` */
  readonly sample: (question: SampleQuestion) => Promise<Sample>;
  /** The folders the client works on. @throws `E_INPUT_UNSUPPORTED` */
  readonly roots: () => Promise<readonly Root[]>;
  /**
   * Does something once over all runs of one call and yields its JSON-able value in each. The value travels through
   * the client, sealed against change but readable: nothing secret, at most 256 KiB in all.
   */
  readonly once: <Value>(key: string, produce: () => Promise<Value> | Value) => Promise<Value>;
}

/** What {@link createAsking} is built on. */
export type AskingBase = Pick<Asking, "canAsk" | "input" | "once">;

/**
 * Builds the one-question calls on `input`. A question's key is made of its text: an answer never counts for a question
 * that has changed since, and the second time the same is asked it is a new question.
 */
export function createAsking(base: AskingBase): Asking {
  const seen = new Map<string, number>();
  const one = async <Answer>(question: Question<Answer>): Promise<Answer> => {
    const name = `${question.kind}_${shortHash(canonicalJson(question.params), 10)}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const key = count === 1 ? name : `${name}_${count}`;
    const answers: Readonly<Record<string, unknown>> = await base.input({ [key]: question });
    // `input` yields what `question.read` made of the answer under this key.
    return answers[key] as Answer;
  };
  return {
    ...base,
    elicit: (question) => one(ask.form(question)),
    sample: (question) => one(ask.model(question)),
    roots: () => one(ask.roots()),
  };
}

/** Asking where there is no client: every question is refused. */
export const nobodyToAsk: Asking = createAsking({
  canAsk: () => false,
  input: async (questions) => {
    const [first] = Object.values(questions);
    throw new ParleyError(
      "E_INPUT_UNSUPPORTED",
      `There is no client to answer ${first?.method ?? "a question"} here; pass toolContext({ input }) to answer it yourself.`,
    );
  },
  once: async (_key, produce) => await produce(),
});
