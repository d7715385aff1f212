import { failureDetail, failureStatus, oneLine, runProgram } from "../_command.ts";
import type { RuntimeCall, RuntimeReading } from "./_runtime-provider.ts";

/** The first version number in a text: `4.3.1`, `1.4.5-2.el9`, `0.31~pre`. */
export function parseVersion(text: string): string | undefined {
  return /\b\d+(?:\.\d+)+[A-Za-z0-9.~+-]*/.exec(text.slice(0, 4096))?.[0];
}

/** Presence and version by the `--version` flag; charliecloud prints its version on stderr. */
export async function readVersionFlag({ context, program, options }: RuntimeCall): Promise<RuntimeReading> {
  const result = await runProgram(context, [program, "--version"], options);
  if (!result.ok) return { status: failureStatus(result), detail: failureDetail(result) };
  const version = parseVersion(`${result.stdout}\n${result.stderr}`);
  if (version !== undefined) return { status: "present", version };
  return { status: "failed", detail: `No version in: ${oneLine(result.stdout)}` };
}
