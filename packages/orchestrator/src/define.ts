import { ParleyError } from "@parley/core";
import { z } from "zod";
import type { Attempt, Execution, Executor, Subject, Verdict, Verifier } from "./port.ts";
import type { Action } from "./task-spec.ts";

interface About<Shape extends z.ZodObject> {
  readonly type: string;
  readonly description: string;
  /** What an action says beside its type. */
  readonly input: Shape;
  readonly identity?: string | undefined;
  /** Refuses what the operator does not allow. @throws `E_ARGUMENT_INVALID` */
  readonly admit?: ((args: z.output<Shape>) => void) | undefined;
}

type Parsing = Pick<Executor, "type" | "description" | "schema" | "check">;

function parsing<Shape extends z.ZodObject>(
  kind: "executor" | "verifier",
  { type, description, input, admit }: About<Shape>,
): Parsing & { readonly parse: (action: Action) => z.output<Shape> } {
  const strict = input.strict();
  const parse = (action: Action): z.output<Shape> => {
    const { type: _type, ...given } = action;
    const parsed = strict.safeParse(given);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const where = issue === undefined ? "" : `: ${[issue.path.join("."), issue.message].join(" ").trim()}`;
      throw new ParleyError("E_ARGUMENT_INVALID", `The ${kind} "${type}" cannot use its action${where}.`);
    }
    // `strict()` changes what is refused, not what comes out.
    const args = parsed.data as z.output<Shape>;
    admit?.(args);
    return args;
  };
  return { type, description, schema: z.toJSONSchema(strict), parse, check: (action) => void parse(action) };
}

/** Makes an executor whose actions are read by a zod schema, when a task is added and again when it is done. */
export function defineExecutor<Shape extends z.ZodObject>(
  about: About<Shape> & {
    execute(args: z.output<Shape>, attempt: Attempt): Promise<Execution>;
  },
): Executor {
  const { parse, ...known } = parsing("executor", about);
  const { identity } = about;
  return {
    ...known,
    identity,
    execute: async (action, attempt) => await about.execute(parse(action), attempt),
  };
}

/** Makes a verifier whose actions are read by a zod schema. */
export function defineVerifier<Shape extends z.ZodObject>(
  about: About<Shape> & {
    verify(args: z.output<Shape>, subject: Subject): Promise<Verdict>;
  },
): Verifier {
  const { parse, ...known } = parsing("verifier", about);
  const { identity } = about;
  return {
    ...known,
    identity,
    verify: async (action, subject) => await about.verify(parse(action), subject),
  };
}
