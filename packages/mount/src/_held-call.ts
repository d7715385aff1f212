import { ParleyError } from "@parley/core";
import type {
  JsonObject,
  McpClient,
  McpCallOptions,
  McpNotification,
  McpRequestHandler,
  McpRequestHandlers,
} from "@parley/mcp-client";
import type { ToolContext } from "@parley/tool-registry";
import { answers, askMethods, capabilitiesOf } from "./_abilities.ts";
import { isLevel } from "./_lane.ts";
import { metaFor } from "./_meta.ts";
import type { ForwardedQuestion } from "./_questions.ts";
import { questionOf } from "./_questions.ts";
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

/** What a server may ask during a call of this client: nothing that the client does not answer. */
function handlersFor(
  { canAsk }: ToolContext,
  handle: (method: string) => McpRequestHandler,
): McpRequestHandlers {
  return Object.fromEntries(
    askMethods.map((method) => [method, answers(canAsk, method) ? handle(method) : undefined] as const),
  );
}

const nothing = (): void => undefined;

/** Starts a call. */
export function startCall(
  upstream: Upstream,
  context: ToolContext,
  start: (client: McpClient, call: McpCallOptions) => Promise<JsonObject>,
): HeldCall {
  const ended = new AbortController();
  const { lane, release } = upstream.lanes.take(context);
  const waiting = new Map<string, Waiting>();
  let current: ToolContext | undefined = context;
  let count = 0;
  let wake = nothing;

  const handle =
    (method: string): McpRequestHandler =>
    (params, { signal, isGuess = false }) => {
      if (isGuess) lane.guessed();
      const question = questionOf(method, params);
      if (!context.canAsk(question.kind)) {
        throw new ParleyError("E_INPUT_UNSUPPORTED", `The client cannot be asked for ${question.kind}.`);
      }
      const key = `q${(count += 1)}`;
      return new Promise((resolve, reject) => {
        const withdraw = (): void => {
          waiting.delete(key);
          reject(new ParleyError("E_INTERRUPTED", "The question was withdrawn."));
        };
        // The signal may be that of a connection, which outlives its questions.
        const release = (): void => signal.removeEventListener("abort", withdraw);
        waiting.set(key, {
          question,
          resolve: (answer) => {
            release();
            resolve(answer);
          },
          withdraw: () => {
            release();
            withdraw();
          },
        });
        signal.addEventListener("abort", withdraw, { once: true });
        wake();
      });
    };
  const hear = (notification: McpNotification): void => {
    const { method, params, isGuess = false } = notification;
    if (method !== "notifications/message") return upstream.heard(notification);
    if (isGuess) lane.guessed();
    const { level, data, logger } = params;
    if (isLevel(level)) current?.log(level, data, typeof logger === "string" ? logger : upstream.name);
  };
  const handlers = handlersFor(context, (method) =>
    method === "roots/list"
      ? (params, asked) => lane.roots.answer(asked.signal, () => handle(method)(params, asked))
      : handle(method),
  );
  const send = (): Promise<JsonObject> =>
    start(lane.client, {
      signal: ended.signal,
      meta: metaFor(context),
      capabilities: capabilitiesOf(context.canAsk),
      onProgress: ({ progress, total, message }) => current?.progress(progress, total, message),
      onNotification: hear,
      handlers,
      inputRequired: "return",
    });
  const call = { handlers, hear };
  lane.running.add(call);
  const sent = lane.listenTo(context)?.then(send) ?? send();
  const result = sent.then(async (came) => {
    await lane.hearOut();
    return came;
  });
  // Nobody is left to answer once the session is gone.
  const leave = (): void =>
    ended.abort(new ParleyError("E_INTERRUPTED", "The session of the call has ended."));
  context.session?.closed.addEventListener("abort", leave, { once: true });
  const forget = (): void => {
    lane.running.remove(call);
    release();
    context.session?.closed.removeEventListener("abort", leave);
    for (const each of waiting.values()) each.withdraw();
  };
  result.then(forget, (error: unknown) => {
    forget();
    lane.failed(error);
  });

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
