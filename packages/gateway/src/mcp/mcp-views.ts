import { createServer } from "@parley/server";
import type { ParleyServer, ServerOptions } from "@parley/server";
import type { View } from "../policy/view.ts";
import type { Roster } from "../upstream/roster.ts";
import { createSearchRegistry } from "../search/search-registry.ts";
import { searchInstructions } from "../search/search-tools.ts";
import { createViewRegistry } from "./view-registry.ts";
import type { ViewRegistry, ViewRegistryOptions } from "./view-registry.ts";

/** MCP servers for certain callers or for one server behind the gateway, made when they are first asked for. */
export interface McpViews {
  get(view: View, options: McpViewOptions): ParleyServer;
  /** Open sessions of 2025-era clients. */
  readonly sessions: number;
  close(): Promise<void>;
}

interface McpViewOptions {
  readonly path: string;
  /** The one server it shows. */
  readonly only?: string | undefined;
  /** Whether its tools are found by search instead of listed. */
  readonly isSearched?: boolean | undefined;
}

/** Views kept at once: beyond these the oldest ends, with its sessions. */
const maxViews = 256;

export interface McpViewsOptions {
  readonly roster: Roster;
  /** What every MCP server of this gateway has in common, who may call included. */
  readonly common: Omit<ServerOptions, "registry" | "path">;
  readonly onWarning?: ViewRegistryOptions["onWarning"];
}

interface OpenView extends Pick<ViewRegistry, "stop"> {
  readonly server: ParleyServer;
  readonly only: string | undefined;
}

export function createMcpViews({ roster, common, onWarning }: McpViewsOptions): McpViews {
  const open = new Map<string, OpenView>();
  const closing = new Set<Promise<void>>();
  const end = (key: string): void => {
    const found = open.get(key);
    if (found === undefined) return;
    open.delete(key);
    found.stop();
    const closed = found.server.close().catch(() => undefined);
    closing.add(closed);
    void closed.then(() => closing.delete(closed));
  };
  const stop = roster.onChange(() => {
    for (const [key, { only }] of open) {
      if (only !== undefined && !roster.upstreams.has(only)) end(key);
    }
  });
  return {
    get(view, { path, only, isSearched = false }) {
      const key = JSON.stringify([only ?? "", view.id, isSearched]);
      const known = open.get(key);
      if (known !== undefined) return known.server;
      const [oldest] = open.keys();
      if (open.size >= maxViews && oldest !== undefined) end(oldest);
      const followed = createViewRegistry(roster, { view, only, onWarning });
      const shown = isSearched ? createSearchRegistry(followed.registry) : undefined;
      const stopAll = (): void => {
        shown?.stop();
        followed.stop();
      };
      const server = createServer({
        ...common,
        ...(shown === undefined ? {} : { instructions: searchInstructions }),
        registry: shown?.registry ?? followed.registry,
        path,
        openApi: false,
      });
      open.set(key, { stop: stopAll, server, only });
      return server;
    },
    get sessions() {
      return Array.from(open.values(), ({ server }) => server.activity().sessions.open).reduce(
        (sum, each) => sum + each,
        0,
      );
    },
    async close() {
      stop();
      for (const key of open.keys()) end(key);
      await Promise.all(closing);
    },
  };
}
