import { setImmediate } from "node:timers/promises";
import { ParleyError } from "@parley/core";
import type { McpClient, McpNotification, McpRequestHandler, McpRequestHandlers } from "@parley/mcp-client";
import type { LogLevel, ToolContext } from "@parley/tool-registry";
import { answers, askMethods, capabilitiesOf } from "./_abilities.ts";
import type { CanAsk } from "./_abilities.ts";
import { createAddressee } from "./_addressee.ts";
import { isObject } from "./_questions.ts";
import { createRunningCalls } from "./_running.ts";
import type { RunningCalls } from "./_running.ts";
import { createClientRoots } from "./_client-roots.ts";
import type { ClientRoots } from "./_client-roots.ts";
import type { MountConnection } from "./mount.ts";

/** One connection to a mounted server, and the calls that run over it. */
export interface Lane {
  readonly client: McpClient;
  readonly roots: ClientRoots;
  readonly running: RunningCalls;
  /** Hears that the server asked or logged, and that its transport does not tell during which call. */
  readonly guessed: () => void;
  /** Hears what a call over it failed with. */
  readonly failed: (error: unknown) => void;
  /**
   * Tells a server of the 2025 revisions what it is to know before a call: how much to log, and that its roots are another
   * client's; nothing to wait for in most cases.
   */
  listenTo(context: ToolContext): Promise<void> | undefined;
  /** After a result: hears what the server had said before it over another stream, if it ever does. */
  hearOut(): Promise<void> | undefined;
}

export interface LaneOptions {
  readonly connect: (connection: MountConnection) => McpClient;
  /** What is declared to the server. */
  readonly canAsk: CanAsk;
  readonly isOneClient: boolean;
  readonly warn: (message: string) => void;
  /** Hears what the server tells outside of a call. */
  readonly hear: (notification: McpNotification) => void;
  readonly lose: (error: unknown) => void;
  readonly guessed: () => void;
}

export function createLane(options: LaneOptions): Lane {
  const { canAsk, isOneClient, warn, guessed, lose } = options;
  const running = createRunningCalls();
  let saysApart = false;
  const addressee = createAddressee({ running, isOneClient });

  const handler =
    (method: keyof McpRequestHandlers): McpRequestHandler =>
    async (params, context) => {
      if (running.size > 0 && !isOneClient) guessed();
      const asked = (await addressee(method, context.signal))?.handlers[method];
      if (method === "roots/list") return await roots.answer(context.signal, () => asked?.(params, context));
      if (asked) return await asked(params, context);
      warn("It asked something that belongs to no call, or to one of several; nobody was asked.");
      throw new ParleyError("E_INPUT_UNSUPPORTED", "No client can be asked: run one call at a time.");
    };
  const client = options.connect({
    handlers: Object.fromEntries(
      askMethods.filter((method) => answers(canAsk, method)).map((method) => [method, handler(method)]),
    ),
    capabilities: capabilitiesOf(canAsk, { tellsRoots: true }),
    onNotification(notification) {
      if (notification.method !== "notifications/message") return options.hear(notification);
      saysApart = true;
      if (running.size > 0 && !isOneClient) guessed();
      if (running.size === 1 || isOneClient) running.last?.hear(notification);
    },
    onDisconnect: lose,
    onWarning: warn,
  });
  const roots = createClientRoots((method) => client.notify(method));
  const listenTo = createLogLevel(client);
  return {
    client,
    roots,
    running,
    guessed,
    failed: (error) => isUnreachable(error) && lose(error),
    listenTo(context) {
      const told = roots.use(context.session);
      return told === undefined ? listenTo(context) : told.then(() => listenTo(context));
    },
    hearOut: () => (saysApart ? turns() : undefined),
  };
}

/** What two connections received at once is read within a few turns of the event loop, in any order. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

const isUnreachable = (error: unknown): boolean =>
  ParleyError.isInstance(error) && error.code === "E_MCP_UNREACHABLE";

/** From the most to the least. */
const levels: readonly LogLevel[] = [
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
];

export function isLevel(level: unknown): level is LogLevel {
  return levels.some((known) => known === level);
}

/** A connection has one level for all its calls: the most that any of them asked for. */
function createLogLevel(client: McpClient): Lane["listenTo"] {
  let rank = levels.length;
  const raise = async (level: LogLevel, signal: AbortSignal): Promise<void> => {
    const { capabilities } = client.server ?? (await client.discover({ signal }));
    if (client.era !== "legacy" || !isObject(capabilities) || !isObject(capabilities["logging"])) return;
    await client.setLogLevel(level, { signal });
  };
  return (context) => {
    const { logLevel } = context;
    if (logLevel === undefined || levels.indexOf(logLevel) >= rank) return undefined;
    rank = levels.indexOf(logLevel);
    // A call does not fail because the server does not know the level; it fails by itself where the server is away.
    return raise(logLevel, context.signal).catch(() => undefined);
  };
}
