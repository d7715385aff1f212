import { ParleyError } from "@parley/core";
import { z } from "zod";
import { parseYaml } from "../plan-file/parse-yaml.ts";
import { problemText } from "../plan-file/problem.ts";
import { readPlanText } from "../plan-file/read-text.ts";
import type { Question } from "./port.ts";

const Scalar = z.union([z.string(), z.number(), z.boolean()]);

/** By question, its answer; a list answers one time after another, its last one all further times. */
const AnswersFile = z.record(z.string(), z.union([Scalar, z.array(Scalar).min(1)]));

/** Answers given beforehand. */
export interface Answers {
  /** The next answer to a question; undefined when the file has none. @throws `E_PLAN_INVALID` for one that does not fit */
  take(question: Question): string | undefined;
}

/** Reads a YAML file of answers by question: `deploy.confirm: yes`. @throws `E_PLAN_INVALID` */
export async function readAnswers(path: string): Promise<Answers> {
  const { text } = await readPlanText(path);
  const { value, problems } = parseYaml(text, path, AnswersFile);
  const [problem] = problems;
  if (value === undefined) {
    throw new ParleyError("E_PLAN_INVALID", `${problem === undefined ? path : problemText(problem)}.`);
  }
  const left = new Map(
    Object.entries(value).map(([id, given]) => [id, Array.isArray(given) ? [...given] : [given]]),
  );
  return {
    take(question) {
      const given = left.get(question.id);
      const [first] = given ?? [];
      if (given === undefined || first === undefined) return undefined;
      if (given.length > 1) given.shift();
      const word = typeof first === "boolean" ? (first ? "yes" : "no") : String(first);
      return fitting(word, question, path);
    },
  };
}

function fitting(word: string, { id, options, free }: Question, path: string): string {
  if (options === undefined || free === true || options.includes(word)) return word;
  throw new ParleyError(
    "E_PLAN_INVALID",
    `${path}: the answer to ${id} is ${JSON.stringify(word)}; there is ${options.join(", ")}.`,
  );
}
