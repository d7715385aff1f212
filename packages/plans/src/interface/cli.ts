import { formatDuration, ParleyError } from "@parley/core";
import type { Answers } from "./answers.ts";
import { cleanLine, cleanText } from "./clean.ts";
import type { Metrics, PlanInterface, Question, StepFinish, StepPlace } from "./port.ts";

/** Words in colors; `picocolors` is one. */
interface Colors {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
}

/** Options of {@link createCliInterface}. */
export interface CliInterfaceOptions {
  /** Takes lines. */
  readonly write: (line: string) => void;
  /** Default: none. */
  readonly colors?: Colors | undefined;
  /** Prompts, replies and results as well, not their first line alone. */
  readonly verbose?: boolean | undefined;
  readonly answers?: Answers | undefined;
  /** Reads one line from a person; absent: there is nobody to ask. */
  readonly readLine?: ((prompt: string, signal: AbortSignal) => Promise<string>) | undefined;
}

const same = (text: string): string => text;
const noColors: Colors = { bold: same, dim: same, green: same, red: same, yellow: same };

const indent = ({ path }: Pick<StepPlace, "path">): string => "  ".repeat(path.length);

/** Shows a run as lines that only grow, for terminals, logs and CI. */
export function createCliInterface(options: CliInterfaceOptions): PlanInterface {
  const { write, colors = noColors, verbose = false } = options;
  return {
    onStart({ runId, plan, resumed, done, path }) {
      const what = resumed ? "goes on" : "begins";
      write(`${indent({ path })}${colors.bold(cleanLine(plan.name))}: run ${runId} ${what}`);
      for (const { step, event } of resumed ? done : [])
        write(`${indent({ path })}  ${step}: ${event} (before)`);
    },
    onStepStart(step) {
      const again = step.attempt > 1 ? `, try ${step.attempt}` : "";
      const visit = step.visit > 1 ? `, visit ${step.visit}` : "";
      const about = step.description === undefined ? "" : `: ${cleanLine(step.description)}`;
      write(`${indent(step)}${colors.bold(`> ${step.step}`)} (${step.type}${visit}${again})${about}`);
    },
    onStepUpdate(update) {
      const { kind, text, tool, isError, progress } = update;
      const of =
        progress === undefined
          ? ""
          : ` ${progress.done}${progress.total === undefined ? "" : `/${progress.total}`}`;
      const name = tool === undefined ? kind : `${kind} ${cleanLine(tool, 64)}`;
      const said = verbose ? cleanText(text).replaceAll("\n", `\n${indent(update)}    `) : cleanLine(text);
      const line = `${indent(update)}  ${name}${of}: ${said}`;
      write(isError === true ? colors.yellow(line) : colors.dim(line));
    },
    onStepFinish(step) {
      const line = `${indent(step)}< ${step.step}: ${finishText(step)}`;
      write(step.event === "success" ? colors.green(line) : colors.yellow(line));
    },
    onLog({ level, message }) {
      const line = `${level}: ${cleanLine(message, 1000)}`;
      write(
        level === "error" ? colors.red(line) : level === "warning" ? colors.yellow(line) : colors.dim(line),
      );
    },
    onComplete({ runId, status, error, metrics, path }) {
      const why = error === undefined ? "" : `: ${cleanLine(error.message, 1000)}`;
      const line = `${indent({ path })}run ${runId}: ${status}${why} (${metricsText(metrics)})`;
      write(status === "success" ? colors.green(line) : colors.red(line));
    },
    async ask(question, { signal }) {
      return options.answers?.take(question) ?? (await askAtTerminal(question, options, signal));
    },
    close: async () => undefined,
  };
}

function finishText({ event, next, error }: StepFinish): string {
  const to = next === undefined ? "" : ` -> ${next}`;
  return `${event}${to}${error === undefined ? "" : `: ${cleanLine(error.message, 1000)}`}`;
}

function metricsText({ durationMs, calls, inputTokens, outputTokens, costUsd }: Metrics): string {
  const tokens = inputTokens === undefined ? [] : [`${inputTokens + (outputTokens ?? 0)} tokens`];
  const cost = costUsd === undefined ? [] : [`${costUsd.toFixed(4)} USD`];
  const time =
    durationMs < 1000 ? `${Math.round(durationMs)} ms` : formatDuration(Math.round(durationMs / 1000));
  return [time, `${calls} ${calls === 1 ? "call" : "calls"}`, ...tokens, ...cost].join(", ");
}

async function askAtTerminal(
  question: Question,
  { readLine, write }: CliInterfaceOptions,
  signal: AbortSignal,
): Promise<string> {
  const { id, text, options, free, initial } = question;
  if (readLine === undefined) {
    throw new ParleyError(
      "E_INPUT_UNSUPPORTED",
      `There is no terminal to ask ${id} at (${cleanLine(text)}): give the answer in a file with --answers.`,
    );
  }
  const choice = options === undefined ? "" : ` [${options.join("/")}${free === true ? " or text" : ""}]`;
  const preset = initial === undefined ? "" : ` (${initial})`;
  for (;;) {
    const said = (await readLine(`? ${cleanText(text)}${choice}${preset} `, signal)).trim();
    const answer = said === "" ? (initial ?? "") : said;
    if (fits(answer, question)) return answer;
    const found = options?.filter((option) => answer !== "" && option.startsWith(answer.toLowerCase()));
    if (found?.length === 1 && found[0] !== undefined) return found[0];
    write(options === undefined ? "An answer is needed." : `Answer one of: ${options.join(", ")}.`);
  }
}

function fits(answer: string, { options, free }: Question): boolean {
  if (answer === "") return false;
  return options === undefined || free === true || options.includes(answer);
}
