import { ParleyError } from "@parley/core";
import { readTrust, resolveOptions, startProgress } from "@parley/cli";
import type { Io } from "@parley/cli";
import { simulateOptions } from "../options.ts";
import { simulate } from "../simulate.ts";

/** Runs `mcpserver simulate` until it is interrupted. */
export async function runSimulate(flags: Readonly<Record<string, unknown>>, io: Io): Promise<void> {
  const { values } = resolveOptions(simulateOptions, { flags, env: io.env });
  const { workers, prefix, join: hubUrl, joinSecret: secret, mock } = values;
  if (hubUrl !== undefined && secret === undefined) {
    const hint = "pass --join-secret or set MCPSERVER_JOIN_SECRET";
    throw new ParleyError("E_CONFIG_INVALID", `--join needs the hub's secret: ${hint}.`);
  }
  const ca = await readTrust({ ca: values.ca, env: io.env });
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
}
