import { globPattern } from "@parley/core";
import { serverGlobs } from "../policy/server-globs.ts";
import { GroupEntry } from "./_entry.ts";
import type { EntryProblem } from "./_read-entry.ts";
import type { GatewayGroup } from "./gateway-config.ts";

/** What a file says of groups, and what is wrong with it. */
export interface ReadGroups {
  readonly groups: readonly GatewayGroup[];
  readonly problems: readonly EntryProblem[];
}

/** Names that stand in a group's address where a server's would. */
const inAddresses: ReadonlySet<string> = new Set(["prompts", "resources"]);

/** Reads `groups`. @param nameProblem - what is wrong with a name that is to stand in addresses, if anything */
export function readGroups(
  raw: Readonly<Record<string, unknown>>,
  servers: readonly string[],
  nameProblem: (name: string) => string | undefined,
): ReadGroups {
  const groups: GatewayGroup[] = [];
  const problems: EntryProblem[] = [];
  for (const [name, entry] of Object.entries(raw)) {
    const path = ["groups", name];
    const refuse = (message: string, at: readonly (string | number)[] = []): void => {
      problems.push({ path: [...path, ...at], message });
    };
    const unusable = servers.includes(name) ? "a server has this name; choose another" : nameProblem(name);
    if (unusable !== undefined) refuse(unusable);
    const read = GroupEntry.safeParse(entry);
    if (!read.success) {
      refuse(read.error.issues[0]?.message ?? "write a list of servers");
      continue;
    }
    const group = groupOf(name, read.data);
    if (group.servers.length + group.tools.length === 0) refuse("name at least one server or tool");
    const prefix = Array.isArray(read.data) ? [] : ["servers"];
    for (const [index, glob] of group.servers.entries()) {
      if (!matchesAny(glob, servers))
        refuse(`no server is called ${JSON.stringify(glob)}`, [...prefix, index]);
    }
    for (const [index, glob] of group.tools.entries()) {
      if (!serverGlobs(glob).some((one) => matchesAny(one, servers)))
        refuse(`${JSON.stringify(glob)} begins with no server's name; write SERVER.TOOL`, ["tools", index]);
    }
    const unaddressable = servers.find((server) => inAddresses.has(server) && isIn(group, server));
    if (unaddressable !== undefined)
      refuse(`a server called ${unaddressable} cannot be in a group; rename it`);
    groups.push(group);
  }
  return { groups, problems };
}

function groupOf(name: string, entry: GroupEntry): GatewayGroup {
  if (Array.isArray(entry)) return { name, servers: entry, tools: [] };
  const { servers, tools, description } = entry;
  return { name, servers: servers ?? [], tools: tools ?? [], description: description ?? undefined };
}

function isIn({ servers, tools }: GatewayGroup, server: string): boolean {
  return [...servers, ...tools.flatMap(serverGlobs)].some((glob) => globPattern(glob).test(server));
}

function matchesAny(glob: string, servers: readonly string[]): boolean {
  const pattern = globPattern(glob);
  return servers.some((server) => pattern.test(server));
}
