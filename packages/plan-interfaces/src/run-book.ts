import type {
  AskOptions,
  LogEntry,
  PlanInterface,
  Question,
  RunEnd,
  RunStart,
  StepFinish,
  StepPlace,
  StepStart,
  StepUpdate,
} from "@parley/plans";
import { createAnswers } from "./answers.ts";
import { appended, bounded, bounds, cut } from "./bounds.ts";
import { finished, started, updated, waiting } from "./cards.ts";
import type { BookView, LogLine, RunCard, StepCard } from "./view.ts";

/** Options of {@link createRunBook}. */
export interface BookOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Hears of every change, many in a row: an interface draws at its own pace. */
  readonly onChange: () => void;
}

/** Keeps what there is to show of a run, and its open questions. */
export interface RunBook extends Omit<PlanInterface, "close"> {
  readonly view: BookView;
  /**
   * Answers an open question.
   * @throws `E_OBJECT_UNKNOWN` when it is open no more, `E_ARGUMENT_INVALID` for what is no answer
   */
  answer(id: string, text: string): void;
  /** Ends every open question with `E_INTERRUPTED`. */
  dismiss(): void;
}

const keyOf = ({ path }: Pick<StepPlace, "path">): string => path.join("/");

/** Begins with nothing to show. */
export function createRunBook({ now, onChange }: BookOptions): RunBook {
  const runs = new Map<string, RunCard>();
  let log: readonly LogLine[] = [];
  const answers = createAnswers(onChange);
  const change = (place: StepPlace, how: (step: StepCard) => StepCard): void => {
    const run = runs.get(keyOf(place));
    if (run === undefined) return;
    const steps = run.steps.map((step) => (step.name === place.step ? how(step) : step));
    runs.set(run.key, { ...run, steps });
    onChange();
  };
  return {
    get view() {
      return { runs: [...runs.values()], log, questions: answers.open };
    },
    onStart(start: RunStart) {
      const { plan, runId, inputs, resumed } = start;
      const { name, description, initial } = plan;
      const key = keyOf(start);
      // A plan inside a plan may be run again: what it had to show is replaced where it stands.
      runs.set(key, {
        key,
        runId,
        plan: { name, description, initial },
        resumed,
        inputs: bounded(inputs),
        status: "running",
        steps: plan.steps.map((step) => {
          const before = start.done.findLast((done) => done.step === step.name);
          return before === undefined ? waiting(step) : finished(waiting(step), before, undefined);
        }),
      });
      onChange();
    },
    onStepStart: (start: StepStart) => change(start, (step) => started(step, start, now())),
    onStepUpdate: (update: StepUpdate) => change(update, (step) => updated(step, update)),
    onStepFinish: (finish: StepFinish) => change(finish, (step) => finished(step, finish, now())),
    onLog(entry: LogEntry) {
      log = appended(log, { ...entry, message: cut(entry.message), time: now() }, bounds.log);
      onChange();
    },
    onComplete(end: RunEnd) {
      const run = runs.get(keyOf(end));
      if (run === undefined) return;
      const { status, error, metrics } = end;
      runs.set(run.key, { ...run, status, error, metrics, outputs: bounded(end.outputs) });
      onChange();
    },
    ask: (question: Question, options: AskOptions) => answers.ask(question, options),
    answer: (id, text) => answers.answer(id, text),
    dismiss: () => answers.dismiss(),
  };
}
