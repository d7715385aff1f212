import { z } from "zod";
import { operation } from "../operation.ts";
import { commandWords } from "./command-words.ts";

const axes = ["x", "y", "z"] as const;

const expected = (axis: string): z.ZodNumber =>
  z.number().int().min(1).max(1_000_000).describe(`Size along ${axis}, for example: 32`);

const Sizes = z.object({ x: z.number().optional(), y: z.number().optional(), z: z.number().optional() });
type Sizes = z.infer<typeof Sizes>;

/** Checks the problem size of a LAMMPS command. */
export const validateLmpProblemSize = operation({
  name: "validate_lmp_problem_size",
  description:
    "Checks that a LAMMPS command sets the variables x, y and z (-v, -var or --variable) to the problem size that was " +
    "asked for. Nothing is run.",
  toolset: "apps",
  effect: "read",
  openWorld: false,
  input: z.strictObject({
    command: z
      .string()
      .max(32_768)
      .describe("Command line, for example: lmp -v x 32 -v y 32 -v z 16 -in in.reaxff.hns -nocite"),
    expected_x: expected("x"),
    expected_y: expected("y"),
    expected_z: expected("z"),
  }),
  output: z.object({
    is_valid: z.boolean(),
    message: z.string(),
    parsed_dimensions: Sizes,
    missing_dimensions: z.array(z.enum(axes)),
    mismatched_dimensions: z.array(
      z.object({ dimension: z.enum(axes), expected: z.number(), found: z.string() }),
    ),
  }),
  async run(args) {
    const found = readVariables(commandWords(args.command));
    const wanted = { x: args.expected_x, y: args.expected_y, z: args.expected_z };
    const missing = axes.filter((axis) => !found.has(axis));
    const mismatched = axes.flatMap((axis) => {
      const value = found.get(axis);
      if (value === undefined || Number(value) === wanted[axis]) return [];
      return [{ dimension: axis, expected: wanted[axis], found: value }];
    });
    const parsed: Sizes = {};
    for (const axis of axes) {
      const value = Number(found.get(axis));
      if (Number.isInteger(value)) parsed[axis] = value;
    }
    const faults = [
      ...missing.map((axis) => `${axis} is not set: add -v ${axis} ${String(wanted[axis])}`),
      ...mismatched.map(
        ({ dimension, expected, found }) => `${dimension} is ${found}, not ${String(expected)}`,
      ),
    ];
    return {
      is_valid: faults.length === 0,
      message: faults.length === 0 ? "The problem size is the one asked for." : `${faults.join("; ")}.`,
      parsed_dimensions: parsed,
      missing_dimensions: missing,
      mismatched_dimensions: mismatched,
    };
  },
  say: ({ message }) => message,
});

/** LAMMPS takes the first word after -v, -var or --variable for the name, the next for the value; the last one counts. */
function readVariables(words: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [index, word] of words.entries()) {
    if (!/^(?:-v|-var|--variable|-variable)$/.test(word)) continue;
    const [name, value] = words.slice(index + 1, index + 3);
    if (name !== undefined && value !== undefined) found.set(name, value);
  }
  return found;
}
