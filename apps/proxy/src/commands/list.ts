import { setTimeout as sleep } from "node:timers/promises";
import { ExitWith, resolveOptions } from "@parley/cli";
import { renderTable } from "@parley/cli/table";
import type { Io } from "@parley/cli";
import { ExitCode } from "@parley/core";
import type { Gateway, ServerState } from "@parley/gateway";
import { pickServers, withServers } from "../open-servers.ts";
import { waitOption } from "../options.ts";

export interface ListRequest {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly upstream: readonly string[] | undefined;
  readonly only: readonly string[];
}

/** A server that was tried, and what it offers. */
export interface Listed extends ServerState {
  readonly toolNames: readonly string[];
}

type Tools = Readonly<Record<string, ReturnType<Gateway["tools"]>>>;

/** Shows every server once it has been tried; ends with 4 when one cannot be reached. */
export async function list({ flags, upstream, only }: ListRequest, io: Io): Promise<void> {
  const { values } = resolveOptions({ wait: waitOption }, { flags, env: io.env });
  const request = {
    flags,
    upstream,
    pick: (all: Parameters<typeof pickServers>[0]) => pickServers(all, only),
  };
  const { listed, tools } = await withServers(request, io, async (gateway) => {
    const found = await listedOf(gateway, values.wait);
    const of: Tools = Object.fromEntries(found.map(({ name }) => [name, gateway.tools(name)]));
    return { listed: found, tools: of };
  });
  // The servers of a listing that was interrupted are closed, which says nothing of them.
  io.signal.throwIfAborted();
  const isLong = flags["tools"] === true;
  if (flags["json"] === true)
    io.out(JSON.stringify({ servers: isLong ? withTools(listed, tools) : listed }, undefined, 2));
  else io.out(isLong ? toolTable(tools, io) : tableOf(listed, io));
  for (const { name, state, reason } of isLong && flags["json"] !== true ? listed : []) {
    if (state !== "ready") io.err(plain(`${name} is ${state}${reason === undefined ? "" : `: ${reason}`}`));
  }
  if (!isWhole(listed)) throw new ExitWith(ExitCode.unreachable);
}

/** How the servers are, once each has been tried; a program that is downloaded for longer is shown as it is. */
export async function listedOf(
  gateway: Gateway,
  waitSeconds = waitOption.initial,
): Promise<readonly Listed[]> {
  const stop = new AbortController();
  const late = sleep(waitSeconds * 1000, undefined, { signal: stop.signal }).catch(() => undefined);
  await Promise.race([gateway.settled, late]);
  stop.abort();
  return gateway.servers.map((state) => ({
    ...state,
    toolNames: gateway.tools(state.name).map(({ name }) => name),
  }));
}

/** Whether every server that is in use is there. */
export function isWhole(listed: readonly Listed[]): boolean {
  return listed.every(({ state }) => state === "ready" || state === "disabled");
}

export function tableOf(listed: readonly Listed[], { width, colors }: Io): string {
  const rows = listed.map(({ name, state, reason, toolNames }) => [
    name,
    state,
    plain(reason ?? toolNames.join(", ")),
  ]);
  return renderTable({ head: ["server", "state", "tools"], rows, width, colors });
}

function withTools(listed: readonly Listed[], tools: Tools): readonly Record<string, unknown>[] {
  return listed.map((server) => ({
    ...server,
    offers: (tools[server.name] ?? []).map(({ name, description, inputSchema, annotations }) => ({
      name,
      description,
      inputSchema,
      annotations,
    })),
  }));
}

function toolTable(tools: Tools, { width, colors }: Io): string {
  const rows = Object.entries(tools).flatMap(([server, offered]) =>
    offered.map(({ name, inputSchema, description }) => [
      plain(`${server}.${name}`),
      plain(argumentsOf(inputSchema)),
      plain((description ?? "").split("\n")[0]?.slice(0, 200) ?? ""),
    ]),
  );
  return renderTable({ head: ["tool", "arguments", "does"], rows, width, colors });
}

/** `city, days?`: what may be left out has a question mark. */
function argumentsOf({ properties, required }: Readonly<Record<string, unknown>>): string {
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  const names = typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
  return names.map((name) => (needed.includes(name) ? name : `${name}?`)).join(", ");
}

function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ");
}
