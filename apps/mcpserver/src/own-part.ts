import { requireScope } from "@parley/server";
import type { ParleyServer } from "@parley/server";
import type { EventSource, Prompt, Registry, Resource, Tool } from "@parley/tool-registry";
import { filterItems } from "./load/filter.ts";
import type { Settings } from "./settings.ts";

/** What a program that serves items of its own has open. */
export interface OwnItems {
  /** Where they come from, for messages: the package's name. */
  readonly origin: string;
  readonly tools: readonly Tool[];
  readonly prompts?: readonly Prompt[] | undefined;
  readonly resources?: readonly Resource[] | undefined;
  readonly events?: readonly EventSource[] | undefined;
  /** Adds routes beside MCP; called once, before the server listens, and never over stdio. */
  install?(routes: OwnRoutes): void | Promise<void>;
  /** Frees what is held, at shutdown. */
  close?(): void | Promise<void>;
}

/**
 * Where a program's own routes go. They are behind the server's one access policy: credentials, rate limits and audit
 * are asked of them without their doing. A scope is not: a route names the one it needs, or calls a tool, which does.
 */
export interface OwnRoutes extends Pick<ParleyServer, "app" | "callTool"> {
  /** A `preHandler` that lets only callers with a scope through. */
  readonly requireScope: typeof requireScope;
}

/** What the opening of {@link OwnItems} may use. */
export interface OwnContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One line for the operator. */
  readonly notice: (text: string) => void;
  /** Aborts when the server closes. */
  readonly signal: AbortSignal;
  readonly transport: Settings["transport"];
}

/** A server under a name of its own, which serves items of its own beside what is loaded. */
export interface OwnPart {
  /** Shown to clients. */
  readonly name: string;
  readonly version: string;
  readonly title?: string | undefined;
  /** What a client's model is told of the server. */
  readonly instructions?: string | undefined;
  open(settings: Settings, context: OwnContext): OwnItems | Promise<OwnItems>;
}

interface OwnParts {
  readonly registry: Registry;
  /** Run in reverse order. */
  readonly closers: (() => Promise<void>)[];
  readonly env: OwnContext["env"];
  readonly notice: OwnContext["notice"];
}

/** Opens the items and serves what `--include` and `--exclude` leave of them. @throws `E_TOOL_INVALID` */
export async function openOwn(
  own: OwnPart | undefined,
  settings: Settings,
  { registry, closers, env, notice }: OwnParts,
): Promise<OwnItems | undefined> {
  if (own === undefined) return undefined;
  const stop = new AbortController();
  const { transport } = settings;
  const items = await own.open(settings, { env, notice, transport, signal: stop.signal });
  closers.push(async () => {
    stop.abort();
    await items.close?.();
  });
  const { origin, tools, prompts = [], resources = [], events = [] } = items;
  registry.replace(origin, filterItems({ tools, prompts, resources, events }, settings));
  return items;
}

/** Adds the routes of what was opened. */
export async function installOwn(items: OwnItems | undefined, server: ParleyServer): Promise<void> {
  const { app } = server;
  const callTool: OwnRoutes["callTool"] = (...call) => server.callTool(...call);
  await items?.install?.({ app, callTool, requireScope });
}
