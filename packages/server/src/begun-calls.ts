import type { InputRequiredResult } from "@modelcontextprotocol/server";
import type { Tool, ToolResult } from "@parley/tool-registry";
import type { Caller } from "./auth.ts";
import type { Call } from "./calls.ts";
import { sessionLogLevel } from "./handler-context.ts";
import type { Handling } from "./handler-context.ts";
import { isOpen } from "./is-open.ts";
import type { Shared } from "./shared.ts";
import type { SessionRequest } from "./session-request.ts";

type Came = ToolResult | InputRequiredResult;
/** What a call tells its client meanwhile, and hears of it. */
type Channel = Pick<Call, "progress" | "log" | "hangUp" | "signal">;

/** A call that began without the SDK and goes on inside it. */
interface BegunCall {
  readonly result: Promise<Came>;
  /** Gives the call the SDK's way to its client, on which goes first what it said before. */
  adopt(channel: Channel): void;
}

/**
 * Calls of one 2025-era session. Each begins here; one that comes to a plain result soon is answered with JSON at once.
 * Any other (that says or asks something first, takes longer, is cancelled, or fails) is handed over while it runs:
 * the SDK opens a stream for it, which can be resumed, and its handler takes the call from here.
 */
export interface BegunCalls {
  /** Told once what the session is served with. */
  bind(handling: Handling): void;
  /** @returns the JSON text of the whole answer, or nothing when the SDK must answer the request */
  begin(request: SessionRequest & { method: "tools/call" }, caller: Caller): Promise<string | undefined>;
  /** The running call of a request that was handed over, once. */
  take(id: unknown, name: string): BegunCall | undefined;
  /** Hands over the call that a message cancels. */
  yieldTo(message: unknown): Promise<void>;
}

/** After so long a client gets a stream: it may want to resume it. */
const patienceMs = 250;

interface Entry extends BegunCall {
  readonly name: string;
  readonly taken: Promise<void>;
  giveUp(): void;
  markTaken(): void;
  end(): void;
}

export function createBegunCalls(shared: Shared): BegunCalls {
  const entries = new Map<unknown, Entry>();
  const endAll = (): void => entries.forEach((entry) => entry.end());
  let bound: Handling | undefined;
  return {
    bind(handling) {
      bound = handling;
      handling.session?.closed.addEventListener("abort", endAll, { once: true });
    },
    async begin(request, caller) {
      // An id that is in use already, and a session that is not yet served, are the SDK's to judge.
      if (bound === undefined || entries.has(request.id)) return undefined;
      const tool = shared.registry.tool(request.name);
      if (tool?.passThrough !== true) return undefined;
      const { id } = request;
      const entry = startCall(shared, request, { caller, handling: bound });
      entries.set(id, entry.call);
      const result = await entry.soon;
      if (result === undefined || !isPlainFor(tool, result)) return undefined;
      entries.delete(id);
      return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${JSON.stringify(result)}}`;
    },
    take(id, name) {
      const entry = entries.get(id);
      if (entry?.name !== name) return undefined;
      entries.delete(id);
      entry.markTaken();
      return entry;
    },
    async yieldTo(message) {
      if (!isOpen(message) || message["method"] !== "notifications/cancelled") return;
      const entry = isOpen(message["params"]) ? entries.get(message["params"]["requestId"]) : undefined;
      if (entry === undefined) return;
      entry.giveUp();
      await Promise.race([entry.taken, entry.result.catch(() => undefined)]);
    },
  };
}

interface Starting {
  readonly caller: Caller;
  readonly handling: Handling;
}

function startCall(
  { calls }: Shared,
  { name, args, _meta }: SessionRequest & { method: "tools/call" },
  { caller, handling: { server, session } }: Starting,
) {
  const controller = new AbortController();
  const said: ((channel: Channel) => void)[] = [];
  const held: { channel?: Channel; giveUp: () => void; markTaken: () => void } = {
    giveUp: () => undefined,
    markTaken: () => undefined,
  };
  const say = (act: (channel: Channel) => void): void => {
    if (held.channel !== undefined) return act(held.channel);
    said.push(act);
    held.giveUp();
  };
  const result = calls.run({
    name,
    args,
    caller,
    controller,
    session,
    _meta,
    round: { era: "2025", capabilities: server.getClientCapabilities() },
    // Who sends no token hears of no progress.
    progress:
      _meta?.["progressToken"] === undefined
        ? undefined
        : (...report) => say(({ progress }) => progress?.(...report)),
    log: (...entry) => say(({ log }) => log?.(...entry)),
    logLevel: sessionLogLevel(server),
    hangUp: () => say(({ hangUp }) => hangUp?.()),
  });
  const soon = new Promise<Came | undefined>((resolve) => {
    held.giveUp = () => resolve(undefined);
    const timer = setTimeout(held.giveUp, patienceMs);
    const finish = (came: Came | undefined): void => {
      clearTimeout(timer);
      // What it said must reach the client first, so the SDK sends the result too.
      resolve(said.length > 0 ? undefined : came);
    };
    result.then(finish, () => finish(undefined));
  });
  const call: Entry = {
    name,
    result,
    taken: new Promise((resolve) => (held.markTaken = resolve)),
    giveUp: () => held.giveUp(),
    markTaken: () => held.markTaken(),
    end: () => controller.abort(),
    adopt(channel) {
      held.channel = channel;
      const { signal } = channel;
      if (signal?.aborted === true) controller.abort(signal.reason);
      signal?.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
      for (const act of said) act(channel);
    },
  };
  return { call, soon };
}

const plainKeys: ReadonlySet<string> = new Set(["content", "structuredContent", "isError", "_meta"]);

/** Whether a result leaves as it is: text, and an object where the tool promises one or nothing. */
function isPlainFor({ outputSchema }: Tool, result: Came): result is ToolResult {
  for (const key in result) if (!plainKeys.has(key)) return false;
  const { content, structuredContent, isError, _meta } = result;
  if (!Array.isArray(content) || (isError !== undefined && typeof isError !== "boolean")) return false;
  if (_meta !== undefined && !isOpen(_meta)) return false;
  if (structuredContent !== undefined && !isOpen(structuredContent)) return false;
  if (outputSchema !== undefined && outputSchema["type"] !== "object") return false;
  return content.every(
    (block: unknown) =>
      isOpen(block) &&
      block["type"] === "text" &&
      typeof block["text"] === "string" &&
      Object.keys(block).length === 2,
  );
}
