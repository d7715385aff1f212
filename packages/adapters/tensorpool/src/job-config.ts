import { ParleyError } from "@parley/core";
import { TomlError, parse, stringify } from "smol-toml";
import { z } from "zod";

const Line = z
  .string()
  .min(1)
  .max(16_384)
  // eslint-disable-next-line no-control-regex -- NUL ends a command line where it is run
  .regex(/^[^\0\p{Cs}]*$/u, "holds a NUL or half a character");

/** What a job file says; further keys are kept as they stand. */
export const JobFile = z.looseObject({
  /** Of the CLI until 0.0.6, where a job brings its own cluster. */
  instance_type: z.string().optional(),
  commands: z.array(Line).min(1).max(1000),
  outputs: z.array(Line).max(1000).optional(),
  ignore: z.array(Line).max(1000).optional(),
});
export type JobFile = z.infer<typeof JobFile>;

/** Largest job file read, in bytes. */
export const maxJobFileBytes = 256 * 1024;

/** TOML of a job file. Whatever the strings hold, reading it gives the same strings. */
export function formatJobFile(file: JobFile): string {
  const { instance_type, commands, outputs = [], ignore = [], ...rest } = file;
  return `${stringify({
    ...(instance_type === undefined ? {} : { instance_type }),
    commands,
    outputs,
    ignore,
    ...rest,
  }).trimEnd()}\n`;
}

/** Reads a job file. @throws `E_ARGUMENT_INVALID` with the place in it */
export function parseJobFile(path: string, text: string): JobFile {
  const parsed = JobFile.safeParse(readToml(path, text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `${path}: ${issue?.path.join(".") || "the file"} ${issue?.message ?? "cannot be used"}.`,
  );
}

function readToml(path: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    const where =
      cause instanceof TomlError ? ` in line ${String(cause.line)}, column ${String(cause.column)}` : "";
    throw new ParleyError("E_ARGUMENT_INVALID", `${path} is no TOML${where}.`, { cause });
  }
}
