import type { CallForProposals, JobRequirements, Proposal, RandomBytes } from "@parley/core";
import type { Site } from "@parley/providers";
import { planAt } from "./plan.ts";
import type { DispatchPlan, PlanOptions } from "./plan.ts";
import { proposeAt } from "./propose.ts";
import type { Desk, ProposeOptions } from "./propose.ts";
import type { WordReader } from "./reader.ts";

export interface SecretaryOptions {
  readonly site: Site;
  /** Milliseconds since the epoch. Default the machine's clock. */
  readonly now?: (() => number) | undefined;
  /** Other names of a piece of software, executables included. Default none. */
  readonly expand?: ((name: string) => readonly string[]) | undefined;
  /**
   * Executables of software, the usual one first; empty for a library, `undefined` for software nobody knows, which
   * is run under its own name. Default: nobody knows any.
   */
  readonly binaries?: ((name: string) => readonly string[] | undefined) | undefined;
  /** Reads words that no rule reads, through a model. Default nobody: such words restrict an answer. */
  readonly reader?: WordReader | undefined;
  /** Source of offer ids. Default the system's generator. */
  readonly random?: RandomBytes | undefined;
}

/** Speaks for one site. It decides by rules alone, on what a model may have added to the request, and starts nothing. */
export interface Secretary {
  /**
   * Answers a call for proposals. A site that fails or is slow yields a proposal that says UNKNOWN.
   * @throws {@link ParleyError} `E_INTERRUPTED` when the caller aborts
   */
  propose(call: CallForProposals, options?: ProposeOptions): Promise<Proposal>;
  /**
   * Plans the job of a request: which engine, which command, which resources. Submits nothing.
   * @throws {@link ParleyError} `E_DISPATCH_REFUSED`, `E_DISPATCH_NO_COMMAND`, `E_INTERRUPTED`
   */
  plan(requirements: JobRequirements, options?: PlanOptions): Promise<DispatchPlan>;
}

export function createSecretary(options: SecretaryOptions): Secretary {
  const desk: Desk = {
    site: options.site,
    now: options.now ?? (() => Date.now()),
    names: { expand: options.expand ?? (() => []), binaries: options.binaries ?? (() => undefined) },
    reader: options.reader,
    random: options.random,
  };
  return {
    propose: (call, proposeOptions) => proposeAt(desk, call, proposeOptions),
    plan: (requirements, planOptions) => planAt(desk, requirements, planOptions),
  };
}
