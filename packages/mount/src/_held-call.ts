import { endingOf, ParleyError, Stop } from "@parley/core";
import type {
  JsonObject,
  McpClient,
  McpCallOptions,
  McpNotification,
  McpRequestHandler,
  McpRequestHandlers,
} from "@parley/mcp-client";
import type { ToolContext } from "@parley/tool-registry";
import { abilitiesOf } from "./_abilities.ts";
import type { Abilities } from "./_abilities.ts";
import { isLevel } from "./_lane.ts";
import type { Lane } from "./_lane.ts";
import { metaFor } from "./_meta.ts";
import type { ForwardedQuestion } from "./_questions.ts";
import { questionOf } from "./_questions.ts";
import type { RunningCall } from "./_running.ts";
import type { Upstream } from "./_upstream.ts";

/** Sends the request, with what the server asked for in a round before. */
export type Send = (client: McpClient, more: JsonObject, call: McpCallOptions) => Promise<JsonObject>;

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
  /** Tells the server that nobody will answer. */
  withdraw(): void;
}

const nothing = (): void => undefined;

/** Starts a call. */
export function startCall(
  upstream: Upstream,
  context: ToolContext,
  start: (client: McpClient, call: McpCallOptions) => Promise<JsonObject>,
): HeldCall {
  return new Held(upstream, context, start);
}

/** A call as its client is told of it, and as the other calls of its connection see it. */
class Held implements HeldCall, McpCallOptions, RunningCall {
  readonly ending = new Stop();
  readonly meta: JsonObject;
  readonly inputRequired = "return";
  readonly capabilities: JsonObject;
  /** What a server may ask during a call of this client: nothing that the client does not answer. */
  readonly handlers: McpRequestHandlers;
  readonly onProgress: McpCallOptions["onProgress"];
  readonly onNotification: (notification: McpNotification) => void;
  readonly #upstream: Upstream;
  readonly #lane: Lane;
  readonly #context: ToolContext;
  readonly #result: Promise<JsonObject>;
  #current: ToolContext | undefined;
  #waiting: Map<string, Waiting> | undefined;
  #count = 0;
  #wake = nothing;

  constructor(upstream: Upstream, context: ToolContext, start: Parameters<typeof startCall>[2]) {
    const { lane, release } = upstream.lanes.take(context);
    this.#upstream = upstream;
    this.#lane = lane;
    this.#context = context;
    this.#current = context;
    this.meta = metaFor(context);
    const { capabilities, answered } = abilitiesOf(context.canAsk);
    this.capabilities = capabilities;
    this.handlers = answered.length === 0 ? nothingAnswered : this.#handlersFor(answered);
    this.onProgress = ({ progress, total, message }) => this.#current?.progress(progress, total, message);
    this.onNotification = (notification) => this.hear(notification);
    const leaveLane = lane.running.add(this);
    const send = (): Promise<JsonObject> => start(lane.client, this);
    const sent = lane.listenTo(context)?.then(send) ?? send();
    const { session } = context;
    // Nobody is left to answer once the session is gone.
    const leave = (): void =>
      this.ending.abort(new ParleyError("E_INTERRUPTED", "The session of the call has ended."));
    const closed = session === undefined ? undefined : (session.ending ?? endingOf(session.closed));
    const stay = closed?.onAbort(leave);
    const forget = (): void => {
      leaveLane();
      release();
      stay?.();
      for (const each of this.#waiting?.values() ?? []) each.withdraw();
    };
    this.#result = this.#settle(sent, forget);
    // Whoever waits hears of it; a call that is held is not waited for.
    this.#result.catch(nothing);
  }

  hear(notification: McpNotification): void {
    const { method, params, isGuess = false } = notification;
    if (method !== "notifications/message") return this.#upstream.heard(notification);
    if (isGuess) this.#lane.guessed();
    const { level, data, logger } = params;
    const name = typeof logger === "string" ? logger : this.#upstream.name;
    if (isLevel(level)) this.#current?.log(level, data, name);
  }

  settled(): Promise<JsonObject | undefined> {
    if (this.#waiting !== undefined && this.#waiting.size > 0) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.#wake = () => resolve(undefined);
      this.#result.then(resolve, reject);
    });
  }

  get open(): Readonly<Record<string, ForwardedQuestion>> {
    const waiting = this.#waiting ?? [];
    return Object.fromEntries(Array.from(waiting, ([key, { question }]) => [key, question] as const));
  }

  answer(answers: Readonly<Record<string, JsonObject>>): void {
    for (const [key, answer] of Object.entries(answers)) {
      this.#waiting?.get(key)?.resolve(answer);
      this.#waiting?.delete(key);
    }
  }

  attach(run: ToolContext): () => void {
    this.#current = run;
    const ending = run.ending ?? endingOf(run.signal);
    const release = ending.onAbort(() => this.ending.abort(ending.reason));
    return () => {
      if (this.#current === run) this.#current = undefined;
      release();
    };
  }

  end(reason: unknown): void {
    this.ending.abort(reason);
  }

  async #settle(sent: Promise<JsonObject>, forget: () => void): Promise<JsonObject> {
    try {
      const came = await sent;
      const heard = this.#lane.hearOut();
      if (heard !== undefined) await heard;
      forget();
      return came;
    } catch (error) {
      forget();
      this.#lane.failed(error);
      throw error;
    }
  }

  #handlersFor(answered: Abilities["answered"]): McpRequestHandlers {
    const handlers: { -readonly [Method in keyof McpRequestHandlers]: McpRequestHandlers[Method] } = {
      ...nothingAnswered,
    };
    for (const method of answered) handlers[method] = this.#handlerOf(method);
    return handlers;
  }

  #handlerOf(method: string): McpRequestHandler {
    const handle = this.#handle(method);
    if (method !== "roots/list") return handle;
    return (params, asked) => this.#lane.roots.answer(asked.signal, () => handle(params, asked));
  }

  #handle(method: string): McpRequestHandler {
    return (params, { signal, isGuess = false }) => {
      if (isGuess) this.#lane.guessed();
      const question = questionOf(method, params);
      if (!this.#context.canAsk(question.kind)) {
        throw new ParleyError("E_INPUT_UNSUPPORTED", `The client cannot be asked for ${question.kind}.`);
      }
      const key = `q${(this.#count += 1)}`;
      const waiting = (this.#waiting ??= new Map());
      return new Promise((resolve, reject) => {
        const withdraw = (): void => {
          // The signal may be that of a connection, which outlives its questions.
          signal.removeEventListener("abort", withdraw);
          waiting.delete(key);
          reject(new ParleyError("E_INTERRUPTED", "The question was withdrawn."));
        };
        const answered = (answer: JsonObject): void => {
          signal.removeEventListener("abort", withdraw);
          resolve(answer);
        };
        waiting.set(key, { question, resolve: answered, withdraw });
        signal.addEventListener("abort", withdraw, { once: true });
        this.#wake();
      });
    };
  }
}

/** Says no to each: what is left out would be answered by the connection, and so by another client. */
const nothingAnswered: McpRequestHandlers = {
  "elicitation/create": undefined,
  "sampling/createMessage": undefined,
  "roots/list": undefined,
};
