import { ParleyError, Stop } from "@parley/core";
import type { Caller } from "@parley/server";
import type { AskKind, LogLevel, Question, Questions, ToolContext, ToolResult } from "@parley/tool-registry";
import { RestContext } from "./rest-context.ts";
import type { RestChannel } from "./rest-context.ts";

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
  /** Who calls, and the headers that servers may be sent. */
  readonly caller: Pick<Caller, "name" | "headers">;
  /** Whether the caller can be asked in this way; looked at while the call runs. */
  readonly canAsk: (kind: AskKind) => boolean;
  readonly run: (context: ToolContext) => Promise<ToolResult>;
}

export function startRestCall({ caller, canAsk, run }: StartCall): RestCall {
  return new Running(caller, canAsk, run);
}

class Running implements RestCall, RestChannel {
  readonly caller: StartCall["caller"];
  readonly canAsk: StartCall["canAsk"];
  readonly #stop = new Stop();
  #listeners: Set<(event: CallEvent) => void> | undefined;
  /** Those who wait for a pause; one does, as a rule. */
  #waiting: (() => void)[] | undefined;
  #asking: OpenQuestions | undefined;
  #outcome: CallOutcome | undefined;
  #progress: CallProgress | undefined;

  constructor(caller: StartCall["caller"], canAsk: StartCall["canAsk"], run: StartCall["run"]) {
    this.caller = caller;
    this.canAsk = canAsk;
    run(new RestContext(this, this.#stop)).then(
      (result) => this.#finish({ result }),
      (thrown: unknown) => this.#finish({ thrown }),
    );
  }

  get outcome(): CallOutcome | undefined {
    return this.#outcome;
  }
  get questions(): ReadonlyMap<string, Question<unknown>> {
    return this.#asking?.open ?? noQuestions;
  }
  get progress(): CallProgress | undefined {
    return this.#progress;
  }

  pause(): Promise<void> {
    if (this.#outcome !== undefined || this.questions.size > 0) return Promise.resolve();
    return new Promise((resolve) => (this.#waiting ??= []).push(resolve));
  }

  answer(answers: Readonly<Record<string, unknown>>): void {
    this.#asking?.answer(answers);
    if (this.questions.size === 0) this.#tell({ type: "resumed" });
  }

  cancel(reason: unknown): void {
    this.#stop.abort(reason);
  }

  onEvent(listener: (event: CallEvent) => void): () => void {
    const listeners = (this.#listeners ??= new Set());
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  #tell(event: CallEvent): void {
    const waiting = this.#waiting;
    if (waiting !== undefined && (event.type === "end" || event.type === "questions")) {
      this.#waiting = undefined;
      for (const resolve of waiting) resolve();
    }
    if (this.#listeners !== undefined) for (const listener of this.#listeners) listener(event);
  }

  report(progress: number, total?: number, message?: string): void {
    this.#progress = {
      progress,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message }),
    };
    this.#tell({ type: "progress", progress: this.#progress });
  }

  log(level: LogLevel, data: unknown, logger?: string): void {
    this.#tell({ type: "log", level, data, ...(logger === undefined ? {} : { logger }) });
  }

  async ask(questions: Questions): Promise<never> {
    this.#asking ??= createOpenQuestions(this.#stop.signal);
    const answered = this.#asking.ask(questions);
    this.#tell({ type: "questions" });
    // `ask` yields what each question's `read` made of its answer.
    return (await answered) as never;
  }

  #finish(outcome: CallOutcome): void {
    this.#outcome = outcome;
    this.#asking?.open.clear();
    this.#tell({ type: "end" });
  }
}

const noQuestions: ReadonlyMap<string, Question<unknown>> = new Map();

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
