import { Validator } from "@cfworker/json-schema";
import type { Question } from "@parley/tool-registry";
import { isRecord } from "../record.ts";
import type { Misfit } from "../rest/arguments.ts";

/** What a caller answered: what goes on to the server, or what is wrong with it. */
export type ReadAnswers =
  | { readonly answers: Readonly<Record<string, unknown>> }
  | { readonly misfits: readonly Misfit[] }
  /** A request to a model cannot be declined and the call go on. */
  | { readonly declined: string };

type Open = ReadonlyMap<string, Question<unknown>>;
type One = { readonly answer: unknown } | { readonly misfits: readonly Misfit[] };

const actions: ReadonlySet<unknown> = new Set(["accept", "decline", "cancel"]);

/** Reads a body: the answer itself where one question is open, or `{ answers }` by key. */
export function readAnswers(open: Open, body: unknown): ReadAnswers {
  const given = answersIn(open, body);
  if ("misfits" in given) return given;
  const answers: Record<string, unknown> = {};
  for (const [key, question] of open) {
    const raw = given.answers[key];
    const loc = given.isKeyed ? ["body", "answers", key] : ["body"];
    if (raw === undefined) return wrong("missing", loc, "This question has no answer.");
    const action = isRecord(raw) ? raw["action"] : undefined;
    if (question.kind === "model" && (action === "decline" || action === "cancel")) return { declined: key };
    const read = question.kind === "model" ? modelAnswer(raw, loc) : formAnswer(question, raw, loc);
    if ("misfits" in read) return read;
    answers[key] = read.answer;
  }
  return { answers };
}

type Given =
  | { readonly answers: Readonly<Record<string, unknown>>; readonly isKeyed: boolean }
  | { readonly misfits: readonly Misfit[] };

function answersIn(open: Open, body: unknown): Given {
  if (!isRecord(body)) return wrong("object", ["body"], "The body is no JSON object.");
  const { answers } = body;
  if (isRecord(answers)) return { answers, isKeyed: true };
  const [only, ...others] = open.keys();
  if (only !== undefined && others.length === 0) return { answers: { [only]: body }, isKeyed: false };
  return wrong("missing", ["body", "answers"], "Several questions are open: answer each by its key.");
}

function modelAnswer(raw: unknown, loc: readonly string[]): One {
  if (isRecord(raw) && (isRecord(raw["content"]) || Array.isArray(raw["content"]))) {
    return { answer: { role: "assistant", model: "unknown", ...raw } };
  }
  return wrong("missing", [...loc, "content"], "Write what the model said as content, such as a text block.");
}

function formAnswer({ kind, params }: Question<unknown>, raw: unknown, loc: readonly string[]): One {
  if (!isRecord(raw) || !actions.has(raw["action"])) {
    return wrong("enum", [...loc, "action"], "Write accept, decline or cancel as action.");
  }
  const { action, content = {} } = raw;
  if (action !== "accept" || kind === "url") return { answer: { action } };
  const misfits = contentMisfits(params["requestedSchema"], content, [...loc, "content"]);
  return misfits.length > 0 ? { misfits } : { answer: { action, content } };
}

const maxMisfits = 5;

function contentMisfits(schema: unknown, content: unknown, loc: readonly string[]): readonly Misfit[] {
  if (!isRecord(content)) return wrong("object", loc, "The content is no JSON object.").misfits;
  if (!isRecord(schema)) return [];
  try {
    const { errors } = new Validator(withoutPatterns(schema), "2020-12", false).validate(content);
    return errors
      .filter(({ keyword }) => keyword !== "properties")
      .slice(0, maxMisfits)
      .map(({ keyword, instanceLocation, error }) => ({
        type: keyword,
        loc: [...loc, ...instanceLocation.split("/").slice(1)],
        msg: error,
      }));
  } catch {
    // A reference that leads nowhere: the server looks at the content itself.
    return [];
  }
}

/** A field of the form may be called like one of these; its schema is no text. */
function isCostly(key: string, value: unknown): boolean {
  return (
    key === "patternProperties" || ((key === "pattern" || key === "format") && typeof value === "string")
  );
}

/** A stranger's expression may take for ever, and its server checks it anyway. */
function withoutPatterns(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const text = JSON.stringify(schema, (key, value: unknown) => (isCostly(key, value) ? undefined : value));
  return JSON.parse(text);
}

function wrong(type: string, loc: readonly string[], msg: string): { readonly misfits: readonly Misfit[] } {
  return { misfits: [{ type, loc, msg }] };
}
