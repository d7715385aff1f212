import { ExitWith, resolveOptions } from "@parley/cli";
import type { Io } from "@parley/cli";
import { ExitCode, ParleyError } from "@parley/core";
import { readEnvironment } from "../environment.ts";
import { hintsFor } from "../hints.ts";
import type { Hint } from "../hints.ts";
import { withServers } from "../open-servers.ts";
import { serversOptions } from "../options.ts";
import { readServers } from "../servers.ts";
import type { FoundServers } from "../servers.ts";
import { isWhole, listedOf, tableOf } from "./list.ts";
import type { Listed } from "./list.ts";

/**
 * Reads the file and says what is wrong, all of it, and what may not be meant; with `connect` it tries the servers too.
 * @throws `E_CONFIG_INVALID` when something is wrong
 */
export async function check(flags: Readonly<Record<string, unknown>>, io: Io): Promise<void> {
  const { values } = resolveOptions(serversOptions, { flags, env: io.env });
  if (values.config === undefined) {
    throw new ParleyError("E_CONFIG_INVALID", "No file is named: write mcpo check --config FILE.");
  }
  const environment = await readEnvironment(values, io);
  const found = await readAndSay(values.config, environment, io);
  const hints = await hintsFor(values.config, found, environment);
  const tried = flags["connect"] === true ? await tryAll(flags, io) : undefined;
  if (flags["json"] === true) io.out(JSON.stringify(reportOf(found, hints, tried)));
  else say({ path: values.config, found, hints, tried }, io);
  if (tried !== undefined && !isWhole(tried)) throw new ExitWith(ExitCode.unreachable);
}

async function tryAll(flags: Readonly<Record<string, unknown>>, io: Io): Promise<readonly Listed[]> {
  return await withServers({ flags, upstream: undefined, pick: (all) => all }, io, listedOf);
}

function reportOf(
  { servers, keys, warnings }: FoundServers,
  hints: readonly Hint[],
  tried: readonly Listed[] = [],
) {
  return {
    servers: servers.map(({ name }) => name),
    keys: keys.length,
    warnings,
    hints,
    ...(tried.length === 0 ? {} : { tried }),
  };
}

interface Said {
  readonly path: string;
  readonly found: FoundServers;
  readonly hints: readonly Hint[];
  readonly tried: readonly Listed[] | undefined;
}

function say({ path, found, hints, tried }: Said, io: Io): void {
  const { servers, warnings } = found;
  for (const warning of warnings) io.err(warning);
  for (const hint of hints) io.err(`${path}:${hint.line}:${hint.column}: hint: ${hint.message}.`);
  const enabled = servers.filter((server) => server.enabled);
  io.out(`${path}: ${servers.length} servers, ${enabled.length} enabled: nothing is wrong.`);
  if (tried !== undefined) io.out(tableOf(tried, io));
}

async function readAndSay(
  path: string,
  env: Readonly<Record<string, string>>,
  io: Io,
): Promise<FoundServers> {
  try {
    return await readServers(path, env);
  } catch (thrown) {
    const problems: unknown = ParleyError.isInstance(thrown) ? thrown.details["problems"] : undefined;
    const [, ...further] = Array.isArray(problems) ? problems : [];
    for (const problem of further) io.err(lineOf(path, problem));
    if (!ParleyError.isInstance(thrown)) throw thrown;
    // The first is the error itself.
    throw new ParleyError(thrown.code, thrown.message.replace(/ \(and \d+ more; see: .*\)$/, ""), {
      details: thrown.details,
    });
  }
}

function lineOf(path: string, problem: { line?: unknown; column?: unknown; message?: unknown }): string {
  return `${path}:${String(problem.line)}:${String(problem.column)}: ${String(problem.message)}`;
}
