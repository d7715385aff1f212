import type { Assumption } from "../agent/converse.ts";
import type { Question } from "../interface/port.ts";
import { sentence } from "../servers/outputs.ts";
import type { RunContext } from "./context.ts";

interface Place {
  readonly step: { readonly name: string };
  readonly visit: number;
  readonly attempt: number;
}

type Asked = Pick<Question, "text" | "options" | "free" | "initial"> & {
  /** What the question is about: `confirm`, `plan`, `unknown`, `ask`, or the name of a field. */
  readonly kind: string;
};

/** Puts a question of a step to a person; question and answer are written down. */
export async function askPerson(
  context: RunContext,
  { step, visit, attempt }: Place,
  { kind, ...asked }: Asked & { readonly signal?: AbortSignal | undefined },
): Promise<string> {
  const { log, ui, signal } = context;
  const id = `${step.name}.${kind}`;
  const place = { step: step.name, visit, attempt };
  const { text, options, free, initial } = asked;
  await log.append({
    type: "question",
    ...place,
    id,
    text,
    ...(options === undefined ? {} : { options: [...options] }),
  });
  const question = { id, runId: log.id, step: step.name, text, options, free, initial };
  const answer = await ui.ask(question, { signal: asked.signal ?? signal });
  await log.append({ type: "answer", ...place, id, answer });
  return answer;
}

const assumptions: readonly Assumption[] = ["repeat", "success", "failure"];

/**
 * Has somebody say what came of a call that was cut off.
 * @throws `E_INPUT_UNSUPPORTED` when there is nobody
 */
export async function askAboutCall(
  context: RunContext,
  place: Place,
  { call, signal }: { readonly call: string; readonly signal?: AbortSignal | undefined },
): Promise<Assumption> {
  const given = context.assumption.take();
  if (given !== undefined) return given;
  const text =
    `${sentence(call)} was cut off, and nobody knows whether it was done. Look, then say: success (it was done), ` +
    "failure (it was not), or repeat.";
  const answer = await askPerson(context, place, { kind: "unknown", text, options: assumptions, signal });
  return assumptions.find((one) => one === answer) ?? "failure";
}
