import { ParleyError } from "@parley/core";
import { z } from "zod";

/** One thing wrong with the arguments of a call. */
export interface ArgumentIssue {
  readonly path: string;
  readonly message: string;
}

/** The error of a call whose arguments do not fit; names the first five issues. */
export function argumentError(subject: string, issues: readonly ArgumentIssue[]): ParleyError {
  const shown = issues
    .slice(0, 5)
    .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  return new ParleyError(
    "E_ARGUMENT_INVALID",
    `${subject} cannot take these arguments: ${shown.join("; ")}`,
    {
      details: { issues },
    },
  );
}

/** Reads arguments by a zod schema. @throws `E_ARGUMENT_INVALID` */
export async function parseArguments<Input extends z.ZodType>(
  subject: string,
  input: Input,
  args: unknown,
): Promise<z.output<Input>> {
  const parsed = await input.safeParseAsync(args);
  if (parsed.success) return parsed.data;
  throw argumentError(
    subject,
    parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })),
  );
}

/** A schema that refuses what it does not name, unless it says itself what becomes of that (`looseObject`, `catchall`). */
export function closed(input: z.ZodObject): z.ZodObject {
  return input.def.catchall === undefined ? input.strict() : input;
}

/**
 * JSON Schema of a zod schema. `$schema` is left out: 2020-12 is what MCP assumes, and clients whose validator
 * knows only draft-07 refuse a schema that names another.
 * @throws `E_TOOL_INVALID` for types JSON Schema has no word for
 */
export function jsonSchemaOf(
  subject: string,
  schema: z.ZodType,
  io: "input" | "output",
): Record<string, unknown> {
  try {
    const { $schema: _dialect, "~standard": _standard, ...rest } = z.toJSONSchema(schema, { io });
    return rest;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ParleyError("E_TOOL_INVALID", `The ${io} of ${subject} has no JSON Schema: ${reason}`, {
      cause,
    });
  }
}
