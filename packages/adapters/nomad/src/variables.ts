import { z } from "zod";
import { Variable } from "./answers.ts";
import type { Call } from "./call.ts";

/** Path of a variable: Nomad allows no dot, so nothing in it can climb. */
export const VariablePath = z
  .string()
  .regex(/^[A-Za-z0-9_~-]+(?:\/[A-Za-z0-9_~-]+)*$/, "is letters, digits, _ ~ - and single slashes")
  .max(128)
  .describe("Path of the variable, for example: nomad/jobs/web");

/** Names a variable. */
export interface VariableKey {
  readonly path: string;
  readonly namespace?: string | undefined;
}

/** Reads a variable with its values. @throws `E_OBJECT_UNKNOWN` */
export async function readNomadVariable(
  call: Call,
  { path, namespace }: VariableKey,
): Promise<z.infer<typeof Variable>> {
  return call.nomad.read(Variable, {
    path: ["var", ...path.split("/")],
    namespace,
    signal: call.signal,
    doing: `read variable ${path}`,
    needs: "variables read",
  });
}
