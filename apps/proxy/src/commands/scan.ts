import { ExitWith } from "@parley/cli";
import type { Io } from "@parley/cli";
import { ExitCode } from "@parley/core";
import { visible as shown } from "@parley/gateway";
import type { Finding } from "@parley/gateway";
import { pickServers, withServers } from "../open-servers.ts";

export interface ScanRequest {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly upstream: readonly string[] | undefined;
  readonly only: readonly string[];
}

/** Connects once and shows what may hide instructions; ends with 1 when something may, with 4 when a server is away. */
export async function scan({ flags, upstream, only }: ScanRequest, io: Io): Promise<void> {
  const { findings, away, looked } = await withServers(
    { flags, upstream, pick: (all) => pickServers(all, only), safety: { scan: "warn", onChange: "allow" } },
    io,
    async (gateway) => {
      await gateway.settled;
      const there = gateway.servers.filter(({ state }) => state === "ready");
      return {
        findings: there.flatMap(({ name }) => gateway.findings(name)),
        away: gateway.servers.filter(({ state }) => state !== "ready" && state !== "disabled"),
        looked: there.length,
      };
    },
  );
  if (flags["json"] === true) {
    io.out(
      JSON.stringify({ findings, away: away.map(({ name, reason }) => ({ name, reason })) }, undefined, 2),
    );
  } else {
    for (const finding of findings) io.out(lineOf(finding));
    for (const { name, state, reason } of away)
      io.err(`${name} is ${state} and was not looked at: ${shown(reason ?? "")}`);
    if (findings.length === 0)
      io.out(`${looked} of ${looked + away.length} servers were looked at: nothing was found.`);
  }
  if (findings.length > 0) throw new ExitWith(ExitCode.failed);
  if (away.length > 0) throw new ExitWith(ExitCode.unreachable);
}

function lineOf({ server, item, rule, where, excerpt, meaning }: Finding): string {
  const said = meaning === undefined ? "" : ` (${shown(meaning)})`;
  return `${server}: ${shown(item)}: ${rule} in ${shown(where)}: ${shown(excerpt)}${said}`;
}
