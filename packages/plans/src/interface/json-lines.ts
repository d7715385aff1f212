import type { PlanInterface } from "./port.ts";

/** Options of {@link createJsonInterface}. */
export interface JsonInterfaceOptions {
  /** Takes one JSON document a line. */
  readonly write: (line: string) => void;
  /** Answers questions; without a terminal that is a file of answers. */
  readonly ask: PlanInterface["ask"];
}

/** Shows a run as JSON, one event a line: `{"event":"step_start","data":{...}}`. */
export function createJsonInterface({ write, ask }: JsonInterfaceOptions): PlanInterface {
  const say =
    (event: string) =>
    (data: unknown): void =>
      write(JSON.stringify({ event, data }));
  return {
    onStart: say("start"),
    onStepStart: say("step_start"),
    onStepUpdate: say("step_update"),
    onStepFinish: say("step_finish"),
    onLog: say("log"),
    onComplete: say("complete"),
    async ask(question, options) {
      say("ask")(question);
      return await ask(question, options);
    },
    close: async () => undefined,
  };
}
