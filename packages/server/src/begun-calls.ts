import type { InputRequiredResult } from "@modelcontextprotocol/server";
import { InFlightById, Stop } from "@parley/core";
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

type PlainCall = SessionRequest & { method: "tools/call" };

/**
 * Calls of one 2025-era session. Each begins here; one that comes to a plain result soon is answered with JSON at once.
 * Any other (that says or asks something first, takes longer, is cancelled, or fails) is handed over while it runs:
 * the SDK opens a stream for it, which can be resumed, and its handler takes the call from here.
 */
export interface BegunCalls {
  /** Told once what the session is served with. */
  bind(handling: Handling): void;
  /**
   * @param left - called when the request is answered, or is the SDK's
   * @returns the JSON text of the whole answer, or nothing when the SDK must answer the request
   */
  begin(request: PlainCall, caller: Caller, left: () => void): Promise<string | undefined>;
  /** The running call of a request that was handed over, once. */
  take(id: unknown, name: string): BegunCall | undefined;
  /** Hands over the call that a message cancels. */
  yieldTo(message: unknown): Promise<void>;
}

/** After so long a client gets a stream: it may want to resume it. */
const patienceMs = 250;

export function createBegunCalls(shared: Shared): BegunCalls {
  const entries = new InFlightById<Begun>();
  const endAll = (): void => entries.values().forEach((entry) => entry.end());
  let bound: Handling | undefined;
  return {
    bind(handling) {
      bound = handling;
      handling.session?.closed.addEventListener("abort", endAll, { once: true });
    },
    async begin(request, caller, left) {
      try {
        // An id that is in use already, and a session that is not yet served, are the SDK's to judge.
        if (bound === undefined || entries.get(request.id) !== undefined) return undefined;
        const tool = shared.registry.tool(request.name);
        if (tool?.passThrough !== true) return undefined;
        const { id } = request;
        const entry = new Begun(request, caller, bound);
        entries.set(id, entry);
        const result = await entry.start(shared);
        if (result === undefined || !isPlainFor(tool, result)) return undefined;
        entries.delete(id);
        return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${JSON.stringify(result)}}`;
      } finally {
        left();
      }
    },
    take(id, name) {
      const entry = isId(id) ? entries.get(id) : undefined;
      if (entry?.name !== name || !isId(id)) return undefined;
      entries.delete(id);
      entry.markTaken();
      return entry;
    },
    async yieldTo(message) {
      if (!isOpen(message) || message["method"] !== "notifications/cancelled") return;
      const id = isOpen(message["params"]) ? message["params"]["requestId"] : undefined;
      const entry = isId(id) ? entries.get(id) : undefined;
      if (entry === undefined) return;
      await entry.yield();
    },
  };
}

function isId(id: unknown): id is string | number {
  return typeof id === "string" || typeof id === "number";
}

/** One such call, as {@link Calls.run} takes it; what is seldom needed is made when it is. */
class Begun implements BegunCall, Call {
  readonly name: string;
  readonly args: unknown;
  readonly caller: Caller;
  readonly _meta: PlainCall["_meta"];
  readonly stop = new Stop();
  readonly session: Handling["session"];
  readonly round: Call["round"];
  readonly progress: Call["progress"];
  readonly #server: Handling["server"];
  #result: Promise<Came> | undefined;
  #channel: Channel | undefined;
  #said: ((channel: Channel) => void)[] | undefined;
  #settle: ((came: Came | undefined) => void) | undefined;
  #isTaken = false;
  #tellTaken: (() => void) | undefined;

  constructor({ name, args, _meta }: PlainCall, caller: Caller, { server, session }: Handling) {
    this.name = name;
    this.args = args;
    this.caller = caller;
    this._meta = _meta;
    this.session = session;
    this.#server = server;
    this.round = { era: "2025", capabilities: server.getClientCapabilities() };
    // Who sends no token hears of no progress.
    this.progress =
      _meta?.["progressToken"] === undefined
        ? undefined
        : (...report) => this.#say(({ progress }) => progress?.(...report));
  }

  get log(): NonNullable<Call["log"]> {
    return (...entry) => this.#say(({ log }) => log?.(...entry));
  }
  get hangUp(): NonNullable<Call["hangUp"]> {
    return () => this.#say(({ hangUp }) => hangUp?.());
  }
  get logLevel(): Call["logLevel"] {
    return sessionLogLevel(this.#server);
  }
  get result(): Promise<Came> {
    return this.#result ?? Promise.reject(new Error("The call has not begun."));
  }

  /** Runs the call. @returns its result, or nothing when it is one for the SDK */
  start({ calls }: Shared): Promise<Came | undefined> {
    const result = calls.run(this);
    this.#result = result;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), patienceMs);
      this.#settle = (came) => {
        clearTimeout(timer);
        // What it said must reach the client first, so the SDK sends the result too.
        resolve(this.#said === undefined ? came : undefined);
      };
      result.then(this.#settle, () => this.#settle?.(undefined));
    });
  }

  /** Leaves the call to the SDK, and waits until that has it or the call is over. */
  async yield(): Promise<void> {
    this.#settle?.(undefined);
    if (this.#isTaken) return;
    const taken = new Promise<void>((resolve) => (this.#tellTaken = resolve));
    await Promise.race([taken, this.result.catch(() => undefined)]);
  }

  markTaken(): void {
    this.#isTaken = true;
    this.#tellTaken?.();
  }

  end(): void {
    this.stop.abort();
  }

  adopt(channel: Channel): void {
    this.#channel = channel;
    const { signal } = channel;
    if (signal?.aborted === true) this.stop.abort(signal.reason);
    signal?.addEventListener("abort", () => this.stop.abort(signal.reason), { once: true });
    for (const act of this.#said ?? []) act(channel);
  }

  #say(act: (channel: Channel) => void): void {
    if (this.#channel !== undefined) return act(this.#channel);
    (this.#said ??= []).push(act);
    this.#settle?.(undefined);
  }
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
  return content.every(isPlainText);
}

/** Whether a block is a text and nothing else. */
function isPlainText(block: unknown): boolean {
  if (!isOpen(block) || block["type"] !== "text" || typeof block["text"] !== "string") return false;
  for (const key in block) if (key !== "type" && key !== "text") return false;
  return true;
}
