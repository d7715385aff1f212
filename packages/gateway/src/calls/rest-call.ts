import { ParleyError } from "@parley/core";
import { toolContext } from "@parley/tool-registry";
import type { AskKind, LogLevel, Question, Questions, ToolContext, ToolResult } from "@parley/tool-registry";

/** How far a call has come, as its server says. */
export interface CallProgress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

/** How a call ended. */
export type CallOutcome = { readonly result: ToolResult } | { readonly thrown: unknown };

/** What happens during a call. */
export type CallEvent =
  | { readonly type: "progress"; readonly progress: CallProgress }
  | { readonly type: "log"; readonly level: LogLevel; readonly data: unknown; readonly logger?: string }
  | { readonly type: "questions" }
  | { readonly type: "resumed" }
  | { readonly type: "end" };

/** A call over REST, which may outlive the request it came with and ask its caller. */
export interface RestCall {
  /** Nothing while it runs. */
  readonly outcome: CallOutcome | undefined;
  /** Questions without an answer, by key. */
  readonly questions: ReadonlyMap<string, Question<unknown>>;
  /** The last report. */
  readonly progress: CallProgress | undefined;
  /** Resolves when it has ended or waits for answers, at once if it is so already. */
  pause(): Promise<void>;
  /** Answers by the keys of their questions; those of no open question are passed over. */
  answer(answers: Readonly<Record<string, unknown>>): void;
  cancel(reason: unknown): void;
  /** @returns what ends it */
  onEvent(listener: (event: CallEvent) => void): () => void;
}

export interface StartCall {
  readonly caller: string;
  /** Whether the caller can be asked in this way; looked at while the call runs. */
  readonly canAsk: (kind: AskKind) => boolean;
  readonly run: (context: ToolContext) => Promise<ToolResult>;
}

export function startRestCall({ caller, canAsk, run }: StartCall): RestCall {
  const stop = new AbortController();
  const { signal } = stop;
  const asking = createOpenQuestions(signal);
  const listeners = new Set<(event: CallEvent) => void>();
  const held: { outcome?: CallOutcome; progress?: CallProgress } = {};
  const tell = (event: CallEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const context = toolContext({
    signal,
    caller,
    canAsk,
    async input(questions) {
      const answered = asking.ask(questions);
      tell({ type: "questions" });
      // `ask` yields what each question's `read` made of its answer.
      return (await answered) as never;
    },
    progress(progress, total, message) {
      held.progress = {
        progress,
        ...(total === undefined ? {} : { total }),
        ...(message === undefined ? {} : { message }),
      };
      tell({ type: "progress", progress: held.progress });
    },
    log: (level, data, logger) =>
      tell({ type: "log", level, data, ...(logger === undefined ? {} : { logger }) }),
  });
  const finish = (outcome: CallOutcome): void => {
    held.outcome = outcome;
    asking.open.clear();
    tell({ type: "end" });
  };
  run(context).then(
    (result) => finish({ result }),
    (thrown: unknown) => finish({ thrown }),
  );
  const onEvent: RestCall["onEvent"] = (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    get outcome() {
      return held.outcome;
    },
    questions: asking.open,
    get progress() {
      return held.progress;
    },
    async pause() {
      if (held.outcome !== undefined || asking.open.size > 0) return;
      await new Promise<void>((resolve) => {
        const quit = onEvent(({ type }) => {
          if (type !== "end" && type !== "questions") return;
          quit();
          resolve();
        });
      });
    },
    answer(answers) {
      asking.answer(answers);
      if (asking.open.size === 0) tell({ type: "resumed" });
    },
    cancel: (reason) => stop.abort(reason),
    onEvent,
  };
}

interface OpenQuestions {
  readonly open: Map<string, Question<unknown>>;
  ask(questions: Questions): Promise<Readonly<Record<string, unknown>>>;
  answer(answers: Readonly<Record<string, unknown>>): void;
}

/** Questions wait for their answers here; when the call ends they wait no longer. */
function createOpenQuestions(signal: AbortSignal): OpenQuestions {
  const open = new Map<string, Question<unknown>>();
  const waiting = new Map<string, (answer: unknown) => void>();
  return {
    open,
    async ask(questions) {
      const answers = Object.entries(questions).map(
        ([key, question]) =>
          new Promise<readonly [string, unknown]>((resolve, reject) => {
            const leave = (): void => {
              open.delete(key);
              reject(toError(signal.reason));
            };
            if (signal.aborted) return leave();
            signal.addEventListener("abort", leave, { once: true });
            open.set(key, question);
            waiting.set(key, (answer) => {
              signal.removeEventListener("abort", leave);
              resolve([key, answer]);
            });
          }),
      );
      return Object.fromEntries(await Promise.all(answers));
    },
    answer(answers) {
      for (const [key, raw] of Object.entries(answers)) {
        const answer = open.get(key)?.read(raw);
        if (answer === undefined) continue;
        waiting.get(key)?.(answer);
        waiting.delete(key);
        open.delete(key);
      }
    },
  };
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new ParleyError("E_INTERRUPTED", "The call was ended.");
}
