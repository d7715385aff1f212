import { createInterface } from "node:readline/promises";
import type { Io, OptionValues } from "@parley/cli";
import { createCliInterface, createJsonInterface, readAnswers } from "@parley/plans";
import type { PlanInterface } from "@parley/plans";
import type { showOptions } from "../parley-options.ts";

/** How a run is shown: lines on standard error, or JSON on standard output; questions go to a terminal or a file. */
export async function openInterface(
  { json, verbose, answers: file }: OptionValues<typeof showOptions>,
  io: Io,
): Promise<PlanInterface> {
  const answers = file === undefined ? undefined : await readAnswers(file);
  const terminal = io.interactive && process.stdin.isTTY && !json;
  const cli = createCliInterface({
    write: (line) => io.err(line),
    colors: io.colors,
    verbose,
    answers,
    ...(terminal && { readLine }),
  });
  return json
    ? createJsonInterface({ write: (line) => io.out(line), ask: async (...given) => await cli.ask(...given) })
    : cli;
}

async function readLine(prompt: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(prompt, { signal });
  } finally {
    lines.close();
  }
}
