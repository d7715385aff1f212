import { z } from "zod";
import { operation } from "../operation.ts";

/** Waits, with progress. */
export const sleepTimer = operation({
  name: "sleep_timer",
  description: "Waits a number of seconds, with progress; cancelling the call ends the wait.",
  toolset: "apps",
  effect: "read",
  openWorld: false,
  task: "optional",
  input: z.strictObject({
    seconds: z.number().min(0).max(86_400).describe("Seconds to wait, for example: 30"),
  }),
  output: z.object({ waited_seconds: z.number() }),
  async run({ seconds }, call) {
    const begun = call.now();
    const waited = (): number => (call.now() - begun) / 1000;
    for (let left = seconds; left > 0; left = seconds - waited()) {
      call.progress(waited(), seconds);
      await call.sleep(Math.min(5000, left * 1000));
    }
    return { waited_seconds: waited() };
  },
  say: ({ waited_seconds }) => `Waited ${waited_seconds.toFixed(1)} s.`,
});
