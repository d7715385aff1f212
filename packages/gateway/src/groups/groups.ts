import { globPattern } from "@parley/core";
import type { GatewayGroup } from "../config/gateway-config.ts";
import { serverGlobs } from "../policy/server-globs.ts";
import { narrowed } from "../policy/view.ts";
import type { View } from "../policy/view.ts";

/** A part of the servers and their tools under a name of its own. */
export interface Group {
  readonly name: string;
  readonly description: string | undefined;
  /** What everybody sees of it who may see everything. */
  readonly view: View;
}

/** The groups of a gateway, by name. */
export type Groups = ReadonlyMap<string, Group>;

export function createGroups(groups: readonly GatewayGroup[] = []): Groups {
  return new Map(
    groups.map((group) => [
      group.name,
      { name: group.name, description: group.description, view: viewOfGroup(group) },
    ]),
  );
}

/** A group, as far as a caller may see it; nothing for one that is not there or not for this caller. */
export function groupFor(groups: Groups, name: string, view: View): Group | undefined {
  const found = groups.get(name);
  if (found === undefined || !view.seesGroup(name)) return undefined;
  return { ...found, view: narrowed(view, found.view) };
}

/** Whole servers, and single tools beside them. */
function viewOfGroup({ name, servers, tools }: GatewayGroup): View {
  const whole = servers.map(globPattern);
  const single = tools.map(globPattern);
  const partly = tools.flatMap(serverGlobs).map(globPattern);
  const seesWhole = (server: string): boolean => whole.some((glob) => glob.test(server));
  return {
    id: JSON.stringify(["group", name, servers, tools]),
    seesServer: (server) => seesWhole(server) || partly.some((glob) => glob.test(server)),
    seesTool: (server, tool) => seesWhole(server) || single.some((glob) => glob.test(`${server}.${tool}`)),
    seesMoreThanTools: seesWhole,
    seesGroup: () => true,
  };
}
