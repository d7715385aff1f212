import type { Assumption } from "../agent/converse.ts";
import type { PlanInterface } from "../interface/port.ts";
import type { Catalog } from "../servers/catalog.ts";
import type { PlanRunnerOptions } from "./options.ts";

/** What all runs of one runner share. */
export interface Shared {
  readonly options: PlanRunnerOptions;
  readonly ui: PlanInterface;
  readonly catalog: Catalog;
  readonly signal: AbortSignal;
  readonly assumption: { take(): Assumption | undefined };
  readonly pause: NonNullable<PlanRunnerOptions["pause"]>;
}
