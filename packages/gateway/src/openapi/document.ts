import type { Group } from "../groups/groups.ts";
import type { View } from "../policy/view.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { callsPath } from "../calls/calls-path.ts";
import { callPathItem, pendingResponse } from "./call-operations.ts";
import { commonSchemas } from "./common-schemas.ts";
import { createComponents } from "./components.ts";
import type { Components } from "./components.ts";
import { listOperation, promptOperation, readOperation, toolOperation } from "./operations.ts";
import type { OperationContext } from "./operations.ts";

/** How a gateway presents itself in its documents. */
export interface DocumentSettings {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly version?: string | undefined;
  /** What a proxy in front has cut off, such as `/tools`; empty for none. */
  readonly rootPath: string;
  /** Stands before each server's name: begins and ends with a slash. */
  readonly pathPrefix: string;
  readonly isKeyed: boolean;
}

interface Info {
  readonly title: string;
  readonly description: string;
  readonly version: string;
}

/** mcpo's own. */
const defaults: Info = {
  title: "MCP OpenAPI Proxy",
  description: "Automatically generated API from MCP Tool Schemas",
  version: "1.0",
};

function withGiven(info: Info, { title, description, version }: DocumentSettings): Info {
  return {
    title: title ?? info.title,
    description: description ?? info.description,
    version: version ?? info.version,
  };
}

type Paths = Record<string, Readonly<Record<string, unknown>>>;

/** The document of one server, whose paths begin below `base`, such as `/time`. */
export function serverDocument(
  upstream: Upstream,
  {
    settings,
    view,
    base,
  }: { readonly settings: DocumentSettings; readonly view: View; readonly base: string },
): Readonly<Record<string, unknown>> {
  const { identity } = upstream.catalogue;
  const { name } = upstream.server;
  const isAlone = base === "";
  const components = createComponents();
  const paths: Paths = {};
  const context = { components, operationId: uniqueIds(), tag: name, isKeyed: settings.isKeyed };
  addPaths(paths, upstream, { view, at: "/", context });
  if (Object.keys(paths).length > 0) {
    paths[`/${callsPath}/{call}`] = callPathItem(context, aboveOf(settings));
  }
  const info = {
    title: identity.name ?? name,
    version: identity.version ?? defaults.version,
    description: identity.instructions ?? `${identity.name ?? name} MCP Server`,
  };
  return {
    openapi: "3.1.0",
    info: isAlone
      ? withGiven(info, settings)
      : { ...info, description: `${info.description}\n\n- [back to tool list](/docs)` },
    servers: [{ url: `${settings.rootPath}${base}` || "/" }],
    ...rest(components, settings, paths),
  };
}

interface Merging {
  readonly settings: DocumentSettings;
  readonly view: View;
  /** Whose document it is: its paths begin below the group's name. */
  readonly group?: Group | undefined;
}

/** One document for all servers a caller sees, or for those of a group. */
export function mergedDocument(
  upstreams: Iterable<Upstream>,
  { settings, view, group }: Merging,
): Readonly<Record<string, unknown>> {
  const { rootPath, pathPrefix, isKeyed } = settings;
  const visible = [...upstreams].filter(({ server }) => view.seesServer(server.name));
  const components = createComponents();
  const unique = uniqueIds();
  const paths: Paths = {};
  const base = group === undefined ? pathPrefix : "/";
  for (const upstream of visible) {
    const { name } = upstream.server;
    const operationId = (wanted: string): string => unique(`${name}_${wanted}`);
    const context = { components, operationId, tag: name, isKeyed };
    addPaths(paths, upstream, { view, at: `${base}${encodeURIComponent(name)}/`, context });
  }
  if (Object.keys(paths).length > 0) {
    const context = { components, operationId: unique, tag: "calls", isKeyed };
    const above = group === undefined ? undefined : aboveOf(settings);
    paths[`${base}${callsPath}/{call}`] = callPathItem(context, above);
  }
  return {
    openapi: "3.1.0",
    info: infoOf(visible, settings, group),
    servers: [
      {
        url:
          (group === undefined ? rootPath : `${rootPath}${pathPrefix}${encodeURIComponent(group.name)}`) ||
          "/",
      },
    ],
    tags: visible.map((upstream) => tagOf(upstream)),
    ...rest(components, settings, paths),
  };
}

/** What the servers' names stand below. */
function aboveOf({ rootPath, pathPrefix }: DocumentSettings): string {
  return `${rootPath}${pathPrefix}`.replace(/\/$/, "") || "/";
}

function infoOf(visible: readonly Upstream[], settings: DocumentSettings, group: Group | undefined): Info {
  const info = withGiven(defaults, settings);
  const listed = listOf(visible, settings);
  if (group === undefined) return { ...info, description: [info.description, ...listed].join("\n") };
  const said = group.description ?? `Some tools of ${info.title}`;
  return { ...info, title: group.name, description: [said, ...listed].join("\n") };
}

function rest(components: Components, { isKeyed }: DocumentSettings, paths: Paths): Record<string, unknown> {
  const calls = Object.keys(paths).find((path) => path.endsWith(`${callsPath}/{call}`));
  return {
    paths,
    components: {
      schemas: { ...commonSchemas, ...components.schemas },
      ...(calls === undefined ? {} : { responses: { PendingCall: pendingResponse(calls) } }),
      ...(isKeyed ? { securitySchemes: { key: { type: "http", scheme: "bearer" } } } : {}),
    },
  };
}

interface Adding {
  readonly view: View;
  readonly at: string;
  readonly context: OperationContext;
}

function addPaths(paths: Paths, { server, catalogue }: Upstream, { view, at, context }: Adding): void {
  for (const [name, found] of catalogue.tools) {
    if (!view.seesTool(server.name, name)) continue;
    paths[`${at}${encodeURIComponent(name)}`] = { post: toolOperation(found, context) };
  }
  if (!view.seesMoreThanTools(server.name)) return;
  if (catalogue.resources.length > 0) {
    paths[`${at}resources`] = { get: listOperation("resources", context) };
    paths[`${at}resources/{uri}`] = { get: readOperation(context) };
  }
  if (catalogue.prompts.size === 0) return;
  paths[`${at}prompts`] = { ...paths[`${at}prompts`], get: listOperation("prompts", context) };
  for (const [name, prompt] of catalogue.prompts) {
    paths[`${at}prompts/${encodeURIComponent(name)}`] = { post: promptOperation(prompt, context) };
  }
}

function listOf(
  upstreams: readonly Upstream[],
  { pathPrefix, rootPath }: DocumentSettings,
): readonly string[] {
  if (upstreams.length === 0) return [];
  const lines = upstreams.map(({ server: { name }, status: { state } }) => {
    const note = state === "ready" ? "" : ` (${state})`;
    return `    - [${name}](${rootPath}${pathPrefix}${encodeURIComponent(name)}/docs)${note}`;
  });
  return ["", "- **available tools**:", ...lines];
}

function tagOf({
  server: { name },
  catalogue: { identity },
  status: { state },
}: Upstream): Record<string, unknown> {
  const described = identity.instructions ?? identity.name;
  return {
    name,
    ...(described === undefined ? {} : { description: described }),
    "x-parley-state": state,
  };
}

function uniqueIds(): (wanted: string) => string {
  const used = new Set<string>();
  return (wanted) => {
    // Generators make names of functions of them, and Open WebUI names of tools.
    const plain = wanted.replaceAll(/[^\w.-]/g, "_");
    let id = plain;
    for (let count = 2; used.has(id); count += 1) id = `${plain}_${count}`;
    used.add(id);
    return id;
  };
}
