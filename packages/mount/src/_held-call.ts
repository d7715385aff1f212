import { ParleyError } from "@parley/core";
import type {
  JsonObject,
  McpCallOptions,
  McpNotification,
  McpRequestHandler,
  McpRequestHandlers,
} from "@parley/mcp-client";
import { traceContext } from "@parley/mcp-client";
import type { LogLevel, ToolContext } from "@parley/tool-registry";
import type { ForwardedQuestion } from "./_questions.ts";
import { questionOf } from "./_questions.ts";
import type { Upstream } from "./_upstream.ts";

/** Sends the request, with what the server asked for in a round before. */
export type Send = (more: JsonObject, call: McpCallOptions) => Promise<JsonObject>;

/** A call that runs at the mounted server, and the questions it waits for. */
export interface HeldCall {
  /** Resolves with the result, or with `undefined` when a question came or waits. */
  settled(): Promise<JsonObject | undefined>;
  /** Questions without an answer, by keys that stay the same over the runs. */
  readonly open: Readonly<Record<string, ForwardedQuestion>>;
  answer(answers: Readonly<Record<string, JsonObject>>): void;
  /** Makes a run the one that hears progress and whose end ends the call. @returns what undoes it */
  attach(context: ToolContext): () => void;
  end(reason: unknown): void;
}

interface Waiting {
  readonly question: ForwardedQuestion;
  resolve(answer: JsonObject): void;
}

const levels: ReadonlySet<string> = new Set([
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
]);

function isLevel(level: unknown): level is LogLevel {
  return typeof level === "string" && levels.has(level);
}

/** What a server may ask during a call of this client: nothing that the client does not answer. */
function handlersFor(
  context: ToolContext,
  handle: (method: string) => McpRequestHandler,
): McpRequestHandlers {
  const offer = (able: boolean, method: string): McpRequestHandler | undefined =>
    able ? handle(method) : undefined;
  return {
    "elicitation/create": offer(context.canAsk("form") || context.canAsk("url"), "elicitation/create"),
    "sampling/createMessage": offer(context.canAsk("model"), "sampling/createMessage"),
    "roots/list": offer(context.canAsk("roots"), "roots/list"),
  };
}

const nothing = (): void => undefined;

/** Starts a call. */
export function startCall(
  upstream: Upstream,
  context: ToolContext,
  start: (call: McpCallOptions) => Promise<JsonObject>,
): HeldCall {
  const ended = new AbortController();
  const waiting = new Map<string, Waiting>();
  let current: ToolContext | undefined = context;
  let count = 0;
  let wake = nothing;

  const handle =
    (method: string): McpRequestHandler =>
    (params, { signal }) => {
      const question = questionOf(method, params);
      if (!context.canAsk(question.kind)) {
        throw new ParleyError("E_INPUT_UNSUPPORTED", `The client cannot be asked for ${question.kind}.`);
      }
      const key = `q${(count += 1)}`;
      return new Promise((resolve, reject) => {
        waiting.set(key, { question, resolve });
        signal.addEventListener("abort", () => {
          waiting.delete(key);
          reject(new ParleyError("E_INTERRUPTED", "The question was withdrawn."));
        });
        wake();
      });
    };
  const hear = (notification: McpNotification): void => {
    const { method, params } = notification;
    if (method !== "notifications/message") return upstream.heard(notification);
    const { level, data, logger } = params;
    if (isLevel(level)) current?.log(level, data, typeof logger === "string" ? logger : upstream.name);
  };
  const handlers = handlersFor(context, handle);
  const result = start({
    signal: ended.signal,
    meta: traceContext(context._meta),
    onProgress: ({ progress, total, message }) => current?.progress(progress, total, message),
    onNotification: hear,
    handlers,
    inputRequired: "return",
  });
  result.catch(() => undefined);
  // Nobody is left to answer once the session is gone.
  const leave = (): void =>
    ended.abort(new ParleyError("E_INTERRUPTED", "The session of the call has ended."));
  context.session?.closed.addEventListener("abort", leave, { once: true });
  upstream.running.add(handlers);
  const forget = (): void => {
    upstream.running.delete(handlers);
    context.session?.closed.removeEventListener("abort", leave);
  };
  result.then(forget, forget);

  return {
    async settled() {
      if (waiting.size > 0) return undefined;
      const asked = new Promise<undefined>((resolve) => (wake = () => resolve(undefined)));
      return await Promise.race([result, asked]);
    },
    get open() {
      return Object.fromEntries(Array.from(waiting, ([key, { question }]) => [key, question] as const));
    },
    answer(answers) {
      for (const [key, answer] of Object.entries(answers)) {
        waiting.get(key)?.resolve(answer);
        waiting.delete(key);
      }
    },
    attach(run) {
      current = run;
      const interrupt = (): void => ended.abort(run.signal.reason);
      if (run.signal.aborted) interrupt();
      run.signal.addEventListener("abort", interrupt, { once: true });
      return () => {
        if (current === run) current = undefined;
        run.signal.removeEventListener("abort", interrupt);
      };
    },
    end: (reason) => ended.abort(reason),
  };
}
