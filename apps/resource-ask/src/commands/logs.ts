import type { LogChunk } from "@parley/core";
import type { Io } from "@parley/cli";
import type { CommandInput } from "../dependencies.ts";
import { commandOptions } from "../options.ts";
import { lineWriter } from "../render/clean.ts";
import { readOptions, withHub } from "../session.ts";

/** The longest output, in characters, that `--json` puts into its one document. */
const longestDocument = 64 * 2 ** 20;

/** Ends quietly, and asks the hub for no more, once nobody reads. */
async function* untilClosed(chunks: AsyncIterable<LogChunk>, io: Io): AsyncGenerator<LogChunk> {
  try {
    for await (const chunk of chunks) {
      if (io.outClosed?.aborted === true) return;
      yield chunk;
    }
  } catch (error) {
    if (io.outClosed?.aborted !== true) throw error;
  }
}

/** Prints a job's output; under `--json` as it is, in one document. */
export async function runLogs(input: CommandInput): Promise<void> {
  const { follow, stderr } = readOptions(input, commandOptions.logs);
  const [jobId = ""] = input.args;
  const stream = stderr ? "stderr" : "stdout";
  await withHub(input, async (session) => {
    const { client, io, json, dependencies } = session;
    const signal = AbortSignal.any([session.signal, io.outClosed ?? session.signal]);
    const pieces: string[] = [];
    let characters = 0;
    const writer = lineWriter((line) => io.out(line));
    let complete = false;
    let truncated = false;
    const chunks = client.logs(jobId, { stream, follow, signal, pollMs: dependencies.pollMs });
    for await (const chunk of untilClosed(chunks, io)) {
      if (chunk.truncated && !truncated) session.notice("The beginning of the output was skipped.");
      truncated ||= chunk.truncated;
      ({ complete } = chunk);
      if (!json) {
        writer.add(chunk.text);
        await io.drained?.();
        continue;
      }
      pieces.push(chunk.text);
      characters += chunk.text.length;
      if (characters < longestDocument) continue;
      complete = false;
      session.notice("The output is longer than one document holds: read all of it without --json.");
      break;
    }
    writer.end();
    if (json) session.print({ jobId, stream, text: pieces.join(""), complete, truncated }, () => "");
  });
}
