import { isoTime } from "@parley/core";
import type { View } from "../policy/view.ts";
import { everything } from "../policy/view.ts";
import type { ServerState } from "../status.ts";
import { serverStates } from "../status.ts";
import type { Roster } from "../upstream/roster.ts";
import type { History, RecentCall, ServerHistory } from "./history.ts";

/** One server as the page at `/` shows it. */
export interface OverviewServer extends ServerState, ServerHistory {
  /** How it introduced itself. */
  readonly title?: string | undefined;
  readonly version?: string | undefined;
  /** Addresses, relative to the page: Swagger UI, the document, MCP. */
  readonly links: { readonly docs: string; readonly openapi: string; readonly mcp: string };
}

/** All that the page at `/` shows, as far as one caller may see it. */
export interface Overview {
  readonly name: string;
  /** ISO-8601 UTC. */
  readonly startedAt: string;
  readonly servers: readonly OverviewServer[];
  readonly calls: readonly RecentCall[];
}

/** What an overview is taken from. */
export interface OverviewSource {
  readonly roster: Roster;
  readonly history: History;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Path of a server's own routes from the page, with a slash at its end. */
  readonly pathOf: (server: string) => string;
}

/** Who looks. */
export interface Onlooker {
  readonly view: View;
  /** Name of the key. */
  readonly caller: string;
}

/** Whoever is limited to some servers or tools sees of the calls those of their own. */
export function overviewFor(source: OverviewSource, { view, caller }: Onlooker): Overview {
  const { roster, history, name, startedAt } = source;
  const sees = (call: RecentCall): boolean =>
    view === everything ||
    (call.caller === caller &&
      (call.kind === "tool"
        ? view.seesTool(call.server, call.name ?? "")
        : view.seesMoreThanTools(call.server)));
  const servers = serverStates(roster, view).map((state): OverviewServer => {
    const upstream = roster.find(state.name, view);
    const { lastError, ...kept } = history.of(state.name);
    const { name: title, version } = upstream?.catalogue.identity ?? {};
    const path = source.pathOf(state.name);
    const shown = Array.from(upstream?.catalogue.tools.keys() ?? []);
    return {
      ...state,
      tools: shown.filter((tool) => view.seesTool(state.name, tool)).length,
      title,
      version,
      ...kept,
      ...(lastError !== undefined && sees(lastError) ? { lastError } : {}),
      links: {
        docs: `${path}docs`,
        openapi: `${path}openapi.json`,
        mcp: `servers/${encodeURIComponent(state.name)}/mcp`,
      },
    };
  });
  return { name, startedAt: isoTime(startedAt), servers, calls: history.recent().filter(sees) };
}
