import { ParleyError } from "@parley/core";
import { createOrchestrator } from "./orchestrator.ts";
import type { Orchestrator, OrchestratorOptions } from "./orchestrator.ts";
import type { Executor, Safety, TaskStore, Verifier } from "./port.ts";

/** Puts an orchestrator together part by part; executors and verifiers may be given several times. */
export class OrchestratorBuilder {
  #store: TaskStore | undefined;
  readonly #executors: Executor[] = [];
  readonly #verifiers: Verifier[] = [];
  #options: Partial<OrchestratorOptions> = {};

  withTaskStore(store: TaskStore): this {
    this.#store = store;
    return this;
  }

  withExecutor(executor: Executor): this {
    this.#executors.push(executor);
    return this;
  }

  withVerifier(verifier: Verifier): this {
    this.#verifiers.push(verifier);
    return this;
  }

  withSafety(safety: Safety): this {
    return this.with({ safety });
  }

  /** Anything else that {@link createOrchestrator} takes. */
  with(options: Partial<Omit<OrchestratorOptions, "store" | "executors" | "verifiers">>): this {
    this.#options = { ...this.#options, ...options };
    return this;
  }

  /** @throws `E_CONFIG_INVALID` without a task store or an executor */
  build(): Orchestrator {
    const store = this.#store;
    if (store === undefined || this.#executors.length === 0) {
      const missing = store === undefined ? "withTaskStore" : "withExecutor";
      throw new ParleyError("E_CONFIG_INVALID", `An orchestrator needs ${missing}(...) before build().`);
    }
    return createOrchestrator({
      ...this.#options,
      store,
      executors: this.#executors,
      verifiers: this.#verifiers,
    });
  }
}
