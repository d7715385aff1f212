import { resolveOptions } from "@parley/cli";
import type { Io } from "@parley/cli";
import { ParleyError } from "@parley/core";
import { readEnvironment } from "../environment.ts";
import { serversOptions } from "../options.ts";
import { readServers } from "../servers.ts";
import type { FoundServers } from "../servers.ts";

/** Reads the file and says what is wrong, all of it. @throws `E_CONFIG_INVALID` when something is */
export async function check(flags: Readonly<Record<string, unknown>>, io: Io): Promise<void> {
  const { values } = resolveOptions(serversOptions, { flags, env: io.env });
  if (values.config === undefined) {
    throw new ParleyError("E_CONFIG_INVALID", "No file is named: write mcpo check --config FILE.");
  }
  const found = await readAndSay(values.config, await readEnvironment(values, io), io);
  const enabled = found.servers.filter((server) => server.enabled);
  if (flags["json"] === true) {
    io.out(
      JSON.stringify({
        servers: found.servers.map(({ name }) => name),
        keys: found.keys.length,
        warnings: found.warnings,
      }),
    );
    return;
  }
  for (const warning of found.warnings) io.err(warning);
  io.out(`${values.config}: ${found.servers.length} servers, ${enabled.length} enabled: nothing is wrong.`);
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
