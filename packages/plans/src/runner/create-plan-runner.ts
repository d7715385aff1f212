import { setTimeout as sleep } from "node:timers/promises";
import { newSortableId, systemClock } from "@parley/core";
import type { Assumption } from "../agent/converse.ts";
import { openCatalog } from "../servers/catalog.ts";
import { runInputs } from "./inputs.ts";
import { beginRun, outcomeOf, reopenRun } from "./open-run.ts";
import type { PlanRunner, PlanRunnerOptions } from "./options.ts";
import { preflight } from "./preflight.ts";
import { runOpened } from "./run-opened.ts";
import type { Shared } from "./shared.ts";
import { guarded, nobody } from "./tell.ts";

/** Makes a runner. Nothing is read, written or asked before a run begins. */
export function createPlanRunner(options: PlanRunnerOptions): PlanRunner {
  const ui = guarded(options.ui ?? nobody);
  const shared = async (signal = new AbortController().signal, unknown?: Assumption): Promise<Shared> => ({
    options,
    ui,
    catalog: await openCatalog(options.servers, { signal }),
    signal,
    assumption: onceOnly(unknown),
    pause: options.pause ?? (async (ms, ends) => await sleep(ms, undefined, { signal: ends })),
  });
  return {
    async start(loaded, { inputs = {}, signal } = {}) {
      const given = runInputs(loaded.plan.spec, inputs);
      const all = await shared(signal);
      preflight(loaded, all.catalog, options);
      const clock = options.clock ?? systemClock;
      const id = newSortableId("run", clock.now(), options.random);
      const log = await beginRun(options, { id, loaded, inputs: given });
      return await runOpened(all, { loaded, log, path: [], resumed: false });
    },
    async resume(runId, { signal, unknown } = {}) {
      const { log, loaded } = await reopenRun(options, runId);
      if (log.state.phase === "ended") return outcomeOf(log);
      const all = await shared(signal, unknown);
      preflight(loaded, all.catalog, options);
      await log.append({ type: "run.resumed" });
      return await runOpened(all, { loaded, log, path: [], resumed: true });
    },
  };
}

function onceOnly(given: Assumption | undefined): Shared["assumption"] {
  let left = given;
  return {
    take() {
      const taken = left;
      left = undefined;
      return taken;
    },
  };
}
