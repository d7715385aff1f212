import { ParleyError, toParleyError } from "@parley/core";
import type { PlanInterface } from "../interface/port.ts";

type Method = Exclude<keyof PlanInterface, "ask" | "close">;

/** An interface for a run that nobody watches. */
export const nobody: PlanInterface = {
  onStart: () => undefined,
  onStepStart: () => undefined,
  onStepUpdate: () => undefined,
  onStepFinish: () => undefined,
  onLog: () => undefined,
  onComplete: () => undefined,
  async ask({ id, text }) {
    throw new ParleyError("E_INPUT_UNSUPPORTED", `There is nobody to answer ${id}: ${text}`);
  },
  close: async () => undefined,
};

/** An interface that cannot stop the run: one that throws is told of no more. */
export function guarded(ui: PlanInterface): PlanInterface {
  let broken = false;
  const safely =
    <Name extends Method>(name: Name): PlanInterface[Name] =>
    (news: never) => {
      if (broken) return;
      try {
        const tell: (news: never) => void = ui[name].bind(ui);
        tell(news);
      } catch (error) {
        broken = true;
        try {
          ui.onLog({ level: "error", message: `The interface broke: ${toParleyError(error).message}` });
        } catch {
          // It cannot even be told that it broke; the run goes on, and its log has all of it.
        }
      }
    };
  return {
    onStart: safely("onStart"),
    onStepStart: safely("onStepStart"),
    onStepUpdate: safely("onStepUpdate"),
    onStepFinish: safely("onStepFinish"),
    onLog: safely("onLog"),
    onComplete: safely("onComplete"),
    ask: async (question, options) => await ui.ask(question, options),
    close: async () => await ui.close(),
  };
}
