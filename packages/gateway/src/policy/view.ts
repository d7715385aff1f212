import { globPattern } from "@parley/core";
import { serverGlobs } from "./server-globs.ts";

/** What a caller may see and call. */
export interface View {
  /** Callers of one id see the same. */
  readonly id: string;
  seesServer(server: string): boolean;
  seesTool(server: string, tool: string): boolean;
  /** Whether resources and prompts are shown too: not to whoever is limited to certain tools. */
  seesMoreThanTools(server: string): boolean;
  /** Whether the addresses of a group are there. */
  seesGroup(group: string): boolean;
  /** The caller whose own credentials some servers get, and who sees what they show to that caller. */
  readonly caller?: string | undefined;
}

/** The view of whoever is not limited. */
export const everything: View = {
  id: "",
  seesServer: () => true,
  seesTool: () => true,
  seesMoreThanTools: () => true,
  seesGroup: () => true,
};

/** A view of one caller alone, for whom some servers have lists of their own. */
export function ownView(view: View, caller: string): View {
  return { ...view, id: JSON.stringify(["caller", caller, view.id]), caller };
}

/** What two views both let through, to the caller of the first. */
export function narrowed(view: View, by: View): View {
  if (view === everything) return by;
  return {
    caller: view.caller,
    id: JSON.stringify([view.id, by.id]),
    seesServer: (server) => view.seesServer(server) && by.seesServer(server),
    seesTool: (server, tool) => view.seesTool(server, tool) && by.seesTool(server, tool),
    seesMoreThanTools: (server) => view.seesMoreThanTools(server) && by.seesMoreThanTools(server),
    seesGroup: (group) => view.seesGroup(group) && by.seesGroup(group),
  };
}

/** What any of several views lets through, in the groups of these names alone. */
export function unitedInGroups(views: readonly View[], groups: readonly string[]): View {
  return {
    id: JSON.stringify(["groups", ...views.map(({ id }) => id)]),
    seesServer: (server) => views.some((view) => view.seesServer(server)),
    seesTool: (server, tool) => views.some((view) => view.seesTool(server, tool)),
    seesMoreThanTools: (server) => views.some((view) => view.seesMoreThanTools(server)),
    seesGroup: (group) => groups.includes(group),
  };
}

/** What a key's lists let through; a key without lists sees everything. */
export function viewOf({
  servers,
  tools,
}: {
  readonly servers: readonly string[];
  readonly tools: readonly string[];
}): View {
  if (servers.length === 0 && tools.length === 0) return everything;
  const ofServer = servers.map(globPattern);
  const ofTool = tools.map(globPattern);
  const names = tools.flatMap((glob) => (glob.includes(".") ? serverGlobs(glob) : [glob])).map(globPattern);
  const seesServer = (server: string): boolean => takes(ofServer, server) && takes(names, server);
  return {
    id: JSON.stringify([servers, tools]),
    seesServer,
    seesTool: (server, tool) => seesServer(server) && takes(ofTool, `${server}.${tool}`),
    seesMoreThanTools: (server) => tools.length === 0 && seesServer(server),
    seesGroup: () => true,
  };
}

/** What any one of several views lets through; nothing, where there are none. */
export function unionOf(views: readonly View[]): View {
  const [first] = views;
  if (first !== undefined && views.length === 1) return first;
  if (views.includes(everything)) return everything;
  return {
    id: JSON.stringify(["any", ...views.map(({ id }) => id).toSorted()]),
    seesServer: (server) => views.some((view) => view.seesServer(server)),
    seesTool: (server, tool) => views.some((view) => view.seesTool(server, tool)),
    seesMoreThanTools: (server) => views.some((view) => view.seesMoreThanTools(server)),
    seesGroup: (group) => views.some((view) => view.seesGroup(group)),
  };
}

function takes(globs: readonly RegExp[], name: string): boolean {
  return globs.length === 0 || globs.some((glob) => glob.test(name));
}
