import { Box, Text, useInput, useStdout } from "ink";
import { createElement as h, useSyncExternalStore } from "react";
import type { FunctionComponent } from "react";
import type { BookView, LogLine } from "../view.ts";
import { Asking } from "./asking.ts";
import { Run } from "./cards.ts";
import type { Store } from "./store.ts";
import { oneLine } from "./words.ts";

interface ScreenProps {
  readonly store: Store;
  readonly colour: boolean;
  readonly onInterrupt: () => void;
  readonly answer: (id: string, text: string) => void;
}

/** Lines of the log that are drawn. */
const shownLines = 6;

/** The whole drawing: runs, log, and the oldest open question. */
export const Screen: FunctionComponent<ScreenProps> = ({ store, colour, onInterrupt, answer }) => {
  const { view, now } = useSyncExternalStore(store.subscribe, store.get);
  const { stdout } = useStdout();
  const width = Math.max(40, stdout.columns ?? 80);
  useInput((input, key) => {
    if (key.ctrl && input === "c") onInterrupt();
  });
  const [question, ...later] = view.questions;
  return h(
    Box,
    { flexDirection: "column" },
    ...shownRuns(view).map((run) => h(Run, { key: run.key, run, now, width, colour })),
    ...view.log.slice(-shownLines).map((line, index) => h(Remark, { key: index, line, width, colour })),
    question === undefined ? undefined : h(Asking, { key: question.id, question, answer, colour }),
    later.length === 0
      ? undefined
      : h(Text, { dimColor: true }, `${later.length} more to answer after this one`),
  );
};

/** The plan that was asked for, and of those inside it the ones that run. */
function shownRuns({ runs }: BookView): BookView["runs"] {
  return runs.filter(({ key, status }) => key === "" || status === "running");
}

const Remark: FunctionComponent<{ line: LogLine; width: number; colour: boolean }> = ({
  line,
  width,
  colour,
}) => {
  const about = line.step === undefined ? "" : `${line.step}: `;
  const isFault = line.level === "error" || line.level === "warning";
  return h(
    Text,
    { wrap: "truncate", dimColor: !isFault, ...(isFault && colour ? { color: "yellow" } : {}) },
    oneLine(`${about}${line.message}`, width - 2),
  );
};
