import { toParleyError } from "@parley/core";
import type { ParleyError } from "@parley/core";
import type { McpClient, McpNotification } from "@parley/mcp-client";
import { readCatalog } from "./_catalog.ts";
import { createHolding } from "./_holding.ts";
import { makeItems } from "./_items.ts";
import { createLanes } from "./_lanes.ts";
import { mountOrigin } from "./_origin.ts";
import { createPacing } from "./_pacing.ts";
import type { Pacing } from "./_pacing.ts";
import type { Upstream } from "./_upstream.ts";
import { createVisits } from "./_visits.ts";
import { createWatching } from "./_watching.ts";
import type { Mount, MountOptions, MountState, MountStatus } from "./mount.ts";

/** Mounts a server: connects in the background, follows what it offers, and comes back to it when it was away. */
export function createMount(options: MountOptions): Mount {
  const { name, registry, refreshMs = 30_000, firstBackoffMs = 500, maxBackoffMs = 30_000 } = options;
  const closing = new AbortController();
  const { signal } = closing;
  const pacing = createPacing({ refreshMs, firstBackoffMs, maxBackoffMs, closing: signal });
  const status = createStatus(options);
  const warn = createWarnings(options);
  const visits = createVisits();
  const hear = (notification: McpNotification): void => {
    const { method, params } = notification;
    if (method.endsWith("/list_changed")) return pacing.nudge();
    visits.hear(notification);
    const uri = method === "notifications/resources/updated" ? params["uri"] : undefined;
    if (typeof uri === "string" && watching.has(uri)) registry.touch(uri);
  };
  const lose = (error: unknown): void => {
    if (signal.aborted) return;
    status.set("unreachable", toParleyError(error));
    pacing.lose();
  };
  const { maxSessions: maxOwn = 32, sessionIdleMs: idleMs = 300_000 } = options;
  // Changes that are not heard fail no call.
  const opened = (other: McpClient): void => void watching.copyTo(other).catch(() => undefined);
  const lanes = createLanes({ ...options, warn, hear, lose, opened, maxOwn, idleMs });
  const { client } = lanes.shared;
  const watching = createWatching(client, signal);
  const holding = createHolding(name, options.askTtlMs ?? 600_000);
  const upstream: Upstream = {
    name,
    client,
    lanes,
    holding,
    visits,
    heard: hear,
    read: (uri) => void watching.add(uri).catch(() => undefined),
  };

  const look = async (): Promise<void> => {
    const catalog = await readCatalog(client, signal, warn);
    if (signal.aborted) return;
    const items = makeItems(catalog, { upstream, options, warn });
    registry.replace(mountOrigin(name), items);
    status.set("ready");
    await watching.follow(items.resources.flatMap(({ uri }) => uri ?? []));
  };
  const running = keepLooking({ look, pacing, status, signal });

  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    status.set("closed");
    closing.abort();
    holding.close();
    registry.remove(mountOrigin(name));
    await lanes.close();
    await running;
  };
  return {
    name,
    get status() {
      return status.current;
    },
    ready: status.ready,
    close: () => (closed ??= close()),
  };
}

interface Looking {
  readonly look: () => Promise<void>;
  readonly pacing: Pacing;
  readonly status: Status;
  readonly signal: AbortSignal;
}

async function keepLooking({ look, pacing, status, signal }: Looking): Promise<void> {
  while (!signal.aborted) {
    let succeeded = true;
    try {
      await look();
    } catch (error) {
      succeeded = false;
      const known = toParleyError(error);
      status.set(refusals.has(known.code) ? "refused" : "unreachable", known);
    }
    await pacing.pause(succeeded);
  }
}

/** Codes of a server that answers, but not with what could be served. */
const refusals: ReadonlySet<string> = new Set(["E_TOOL_DUPLICATE", "E_TOOL_INVALID", "E_MCP_PROTOCOL"]);

interface Status {
  readonly current: MountStatus;
  readonly ready: Promise<void>;
  set(state: MountState, error?: ParleyError): void;
}

const nothing = (): void => undefined;

function createStatus({ onStatus }: MountOptions): Status {
  let current: MountStatus = { state: "connecting" };
  let resolveReady = nothing;
  const ready = new Promise<void>((resolve) => (resolveReady = resolve));
  return {
    get current() {
      return current;
    },
    ready,
    set(state, error) {
      const reason = error?.message;
      if (current.state === "closed" || (current.state === state && current.reason === reason)) return;
      current = { state, ...(error === undefined ? {} : { reason: error.message, code: error.code }) };
      if (state === "ready") resolveReady();
      onStatus?.(current);
    },
  };
}

/** Says it; what was said before is not said again at every look. */
type Warn = (message: string) => void;

const maxWarnings = 200;

function createWarnings({ onWarning }: MountOptions): Warn {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message) || said.size >= maxWarnings) return;
    said.add(message);
    onWarning?.(message);
  };
}
