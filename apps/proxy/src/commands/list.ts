import { ExitWith } from "@parley/cli";
import { renderTable } from "@parley/cli/table";
import type { Io } from "@parley/cli";
import { ExitCode } from "@parley/core";
import type { ServerState } from "@parley/gateway";
import { pickServers, withServers } from "../open-servers.ts";

export interface ListRequest {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly upstream: readonly string[] | undefined;
  readonly only: readonly string[];
}

interface Listed extends ServerState {
  readonly toolNames: readonly string[];
}

/** Shows every server once it has been tried; ends with 4 when one cannot be reached. */
export async function list({ flags, upstream, only }: ListRequest, io: Io): Promise<void> {
  const listed = await withServers(
    { flags, upstream, pick: (all) => pickServers(all, only) },
    io,
    async (gateway) => {
      await gateway.settled;
      return gateway.servers.map((state) => ({
        ...state,
        toolNames: gateway.tools(state.name).map(({ name }) => name),
      }));
    },
  );
  if (flags["json"] === true) io.out(JSON.stringify({ servers: listed }, undefined, 2));
  else io.out(tableOf(listed, io));
  const isWhole = listed.every(({ state }) => state === "ready" || state === "disabled");
  if (!isWhole) throw new ExitWith(ExitCode.unreachable);
}

function tableOf(listed: readonly Listed[], { width, colors }: Io): string {
  const rows = listed.map(({ name, state, reason, toolNames }) => [
    name,
    state,
    plain(reason ?? toolNames.join(", ")),
  ]);
  return renderTable({ head: ["server", "state", "tools"], rows, width, colors });
}

function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ");
}
