/** A run of a plan in a terminal: cards of its steps as they change, the log, and the questions. Needs ink and react. */

import { ParleyError } from "@parley/core";
import type { PlanInterface } from "@parley/plans";
import { render } from "ink";
import { createElement } from "react";
import { createRunBook } from "../run-book.ts";
import { createPace } from "./pace.ts";
import { Screen } from "./screen.ts";
import { createStore } from "./store.ts";

/** Options of {@link openTerminalInterface}. */
export interface TerminalInterfaceOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** A person pressed Ctrl-C, which a terminal in raw mode sends to the program as a key. */
  readonly onInterrupt: () => void;
  /** Default: colours are shown. */
  readonly colour?: boolean | undefined;
  /** Epoch milliseconds; default the system's clock. */
  readonly now?: (() => number) | undefined;
}

/** Between two drawings at the least. */
const paceMs = 80;

/**
 * Draws the run below what the terminal shows already, and leaves the last drawing there at the end.
 * @throws `E_INPUT_UNSUPPORTED` where input or output is no terminal
 */
export function openTerminalInterface(options: TerminalInterfaceOptions): PlanInterface {
  const { stdin, stdout, onInterrupt, colour = true, now = Date.now } = options;
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new ParleyError(
      "E_INPUT_UNSUPPORTED",
      "The terminal interface needs a terminal for input and output: use --ui cli.",
    );
  }
  const pace = createPace(paceMs, () => store.set({ view: book.view, now: now() }));
  const book = createRunBook({ now, onChange: pace.touch });
  const store = createStore({ view: book.view, now: now() });
  // Times of running steps go on while nothing else changes.
  const clock = setInterval(pace.touch, 1000);
  const screen = createElement(Screen, {
    store,
    colour,
    onInterrupt,
    answer: (id, text) => book.answer(id, text),
  });
  const drawn = render(screen, { stdin, stdout, exitOnCtrlC: false, patchConsole: false });
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    book.dismiss();
    clearInterval(clock);
    pace.flush();
    drawn.rerender(screen);
    drawn.unmount();
    await drawn.waitUntilExit();
  };
  return {
    onStart: book.onStart,
    onStepStart: book.onStepStart,
    onStepUpdate: book.onStepUpdate,
    onStepFinish: book.onStepFinish,
    onLog: book.onLog,
    onComplete: book.onComplete,
    ask: book.ask,
    close: () => (closed ??= close()),
  };
}
