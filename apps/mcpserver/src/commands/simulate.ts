import { ExitCode, ParleyError } from "@parley/core";
import {
  ExitWith,
  readTrust,
  resolveOptions,
  settleOptions,
  startProgress,
  wasInterrupted,
} from "@parley/cli";
import type { Io } from "@parley/cli";
import { simulateOptions } from "../options.ts";
import { readSecret, secretWarnings } from "../secret-source.ts";

/** Runs `mcpserver simulate` until it is interrupted. */
export async function runSimulate(flags: Readonly<Record<string, unknown>>, io: Io): Promise<void> {
  const sources = { flags, env: io.env };
  const { workers, prefix, join: hubUrl, mock, ca: caFile } = resolveOptions(simulateOptions, sources).values;
  const [table, settled] = [simulateOptions, settleOptions(simulateOptions, sources)];
  const secret = await readSecret({ table, settled, direct: "joinSecret", inFile: "joinSecretFile" });
  for (const warning of secretWarnings(table, settled)) io.err(warning);
  if (hubUrl !== undefined && secret === undefined) {
    const hint = "pass --join-secret-file or set MCPSERVER_JOIN_SECRET";
    throw new ParleyError("E_CONFIG_INVALID", `--join needs the hub's secret: ${hint}.`);
  }
  const { simulate } = await import("@parley/mcpserver");
  const ca = await readTrust({ ca: caFile, env: io.env });
  const progress = startProgress(io, `0 of ${workers} simulated workers ready`);
  const fleet = await simulate({
    workers,
    prefix,
    archetype: mock === "any" ? undefined : mock,
    join: hubUrl === undefined || secret === undefined ? undefined : { hubUrl, secret, ca },
    onReady: (ready) => progress.update(`${ready} of ${workers} simulated workers ready`),
  });
  progress.stop();
  io.err(
    `${fleet.workers.length} simulated workers ready${hubUrl === undefined ? "" : ` and joined to ${hubUrl}`}.`,
  );
  if (hubUrl === undefined) for (const { id, url } of fleet.workers) io.out(`${id} ${url}`);
  await new Promise<void>((resolve) => {
    if (io.signal.aborted) resolve();
    else io.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await fleet.close();
  if (wasInterrupted(io)) throw new ExitWith(ExitCode.interrupted);
}
