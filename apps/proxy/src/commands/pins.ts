import { ExitWith, resolveOptions } from "@parley/cli";
import type { Io } from "@parley/cli";
import { renderTable } from "@parley/cli/table";
import { ExitCode, ParleyError, systemClock } from "@parley/core";
import {
  approvePins,
  createPinStore,
  definitionsOf,
  differences,
  itemOf,
  visible as shown,
} from "@parley/gateway";
import type { Gateway, GatewayServer, PinStore, Verdict } from "@parley/gateway";
import { pickServers, withServers } from "../open-servers.ts";
import type { OpenRequest } from "../open-servers.ts";
import { safetyOptions } from "../safety-options.ts";

export interface PinsRequest {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly upstream: readonly string[] | undefined;
}

/** Shows what is pinned, from the file alone. */
export async function showPins({ flags }: PinsRequest, io: Io): Promise<void> {
  const { table } = openPins(flags, io);
  const rows = Array.from(table, ([server, items]) =>
    Array.from(items, ([item, { hash, at, accepted = [] }]) => ({ server, item, hash, at, accepted })),
  ).flat();
  if (flags["json"] === true) return io.out(JSON.stringify({ pins: rows }, undefined, 2));
  if (rows.length === 0) return io.out("Nothing is pinned yet.");
  const cells = rows.map(({ server, item, hash, at, accepted }) => [
    server,
    shown(item),
    hash.slice(0, 19),
    at,
    accepted.join(", "),
  ]);
  io.out(
    renderTable({
      head: ["server", "item", "hash", "pinned", "accepted"],
      rows: cells,
      width: io.width,
      colors: io.colors,
    }),
  );
}

/** Connects and shows what is not as it was pinned; ends with 1 when something is not. */
export async function diffPins(
  request: PinsRequest & { readonly only: readonly string[] },
  io: Io,
): Promise<void> {
  const { flags } = request;
  const pins = openPins(flags, io);
  const found = await connected(
    { ...request, pick: (all) => pickServers(all, request.only) },
    io,
    (gateway) =>
      reached(gateway).flatMap((server) => {
        const definitions = definitionsOf(gateway.offered(server));
        return [
          ...pins.compare(server, definitions).flatMap((verdict) => changeOf(server, verdict)),
          ...pins.gone(server, definitions).map((item) => ({ server, item, state: "gone", differences: [] })),
        ];
      }),
  );
  if (flags["json"] === true) io.out(JSON.stringify({ changes: found }, undefined, 2));
  else if (found.length === 0) io.out("Everything is as it was pinned.");
  else for (const change of found) for (const line of linesOf(change)) io.out(line);
  if (found.some(({ state }) => state !== "gone")) throw new ExitWith(ExitCode.failed);
}

/** Connects and pins what a server offers now, all of it or one tool or prompt. */
export async function approve(request: PinsRequest & { readonly target: string }, io: Io): Promise<void> {
  const { flags, target } = request;
  const pins = openPins(flags, io);
  const at: { server: string; name?: string } = { server: "" };
  const pick = (all: readonly GatewayServer[]): readonly GatewayServer[] => {
    const owner = all
      .filter(({ name }) => target === name || target.startsWith(`${name}.`))
      .toSorted((left, right) => right.name.length - left.name.length)
      .at(0);
    if (owner === undefined) return pickServers(all, [target.split(".")[0] ?? target]);
    at.server = owner.name;
    if (target !== owner.name) at.name = target.slice(owner.name.length + 1);
    return [owner];
  };
  const changed = await connected({ ...request, pick }, io, (gateway) => {
    reached(gateway);
    const definitions = definitionsOf(gateway.offered(at.server));
    return approvePins(pins, { ...at, definitions, findings: gateway.findings(at.server) });
  });
  const items = changed.map(({ definition, state }) => ({
    server: at.server,
    item: itemOf(definition),
    was: state,
  }));
  if (flags["json"] === true) return io.out(JSON.stringify({ approved: items }, undefined, 2));
  if (items.length === 0) return io.out(`${target} was pinned as it is already.`);
  for (const { server, item, was } of items)
    io.out(`${server}: ${shown(item)} is pinned as it is now (it was ${was}).`);
}

function openPins(flags: Readonly<Record<string, unknown>>, io: Io): PinStore {
  const { values } = resolveOptions({ pins: safetyOptions.pins }, { flags, env: io.env });
  if (values.pins !== undefined) return createPinStore({ path: values.pins, clock: systemClock });
  throw new ParleyError(
    "E_CONFIG_INVALID",
    "No file of pins is named: pass --pins FILE, as the gateway gets it.",
  );
}

/** What these commands look at must not be pinned by looking. */
async function connected<Value>(
  { flags, upstream, pick }: PinsRequest & Pick<OpenRequest, "pick">,
  io: Io,
  work: (gateway: Gateway) => Value,
): Promise<Value> {
  return await withServers(
    { flags, upstream, pick, safety: { scan: "warn", onChange: "allow" } },
    io,
    async (gateway) => {
      await gateway.settled;
      return work(gateway);
    },
  );
}

/** @throws `E_MCP_UNREACHABLE` for one that cannot be looked at */
function reached({ servers }: Gateway): readonly string[] {
  const away = servers.find(({ state }) => state !== "ready" && state !== "disabled");
  if (away === undefined) return servers.filter(({ state }) => state === "ready").map(({ name }) => name);
  throw new ParleyError(
    "E_MCP_UNREACHABLE",
    `The server ${away.name} is ${away.state}: ${away.reason ?? "it does not answer"}`,
  );
}

interface Change {
  readonly server: string;
  readonly item: string;
  readonly state: string;
  readonly differences: ReturnType<typeof differences>;
}

function changeOf(server: string, { definition, state, pin }: Verdict): Change[] {
  if (state === "same") return [];
  const found = pin === undefined ? [] : differences(pin.definition, definition.value);
  return [{ server, item: itemOf(definition), state, differences: found }];
}

function linesOf({ server, item, state, differences: found }: Change): readonly string[] {
  const parts = found.flatMap(({ where, before, after }) => [
    `  ${shown(where)}`,
    ...(before === undefined ? [] : [`    - ${shown(JSON.stringify(before))}`]),
    ...(after === undefined ? [] : [`    + ${shown(JSON.stringify(after))}`]),
  ]);
  return [`${server}: ${shown(item)} is ${state}`, ...parts];
}
