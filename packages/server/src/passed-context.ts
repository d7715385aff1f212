import type { InputRequiredResult } from "@modelcontextprotocol/server";
import type { Ending, Stop } from "@parley/core";
import type { Asking, ToolContext } from "@parley/tool-registry";
import { type CallAsking, canAskIn } from "./call-asking.ts";
import type { Call } from "./calls.ts";

const ignore = (): void => undefined;

/** The context of a call that is handed on: most end without having asked, told or stopped anything, so nothing is made ahead. */
export class PassedContext implements ToolContext {
  /** It has no state of a run before: see who makes it. */
  readonly isFirstRun = true;
  readonly #call: Call;
  readonly #stop: Stop;
  readonly #begin: () => CallAsking;
  #asking: CallAsking | undefined;

  constructor(call: Call, stop: Stop, begin: () => CallAsking) {
    this.#call = call;
    this.#stop = stop;
    this.#begin = begin;
  }

  /** The questions that ended the run. */
  unanswered(): Promise<InputRequiredResult | undefined> | undefined {
    return this.#asking?.unanswered();
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }
  get ending(): Ending {
    return this.#stop;
  }
  get caller(): string {
    return this.#call.caller.name;
  }
  get scopes(): ReadonlySet<string> {
    return this.#call.caller.scopes;
  }
  get headers(): ToolContext["headers"] {
    return this.#call.caller.headers;
  }
  get session(): ToolContext["session"] {
    return this.#call.session;
  }
  get logLevel(): ToolContext["logLevel"] {
    return this.#call.logLevel;
  }
  get progress(): ToolContext["progress"] {
    return this.#call.progress ?? ignore;
  }
  get log(): ToolContext["log"] {
    return this.#call.log ?? ignore;
  }
  get hangUp(): ToolContext["hangUp"] {
    return this.#call.hangUp ?? ignore;
  }
  get mayOutlive(): boolean | undefined {
    return this.#call.mayOutlive;
  }
  get outlive(): ToolContext["outlive"] {
    return this.#call.outlive;
  }
  get _meta(): ToolContext["_meta"] {
    return this.#call._meta;
  }

  get canAsk(): Asking["canAsk"] {
    const { capabilities } = this.#call.round;
    return (kind) => canAskIn(capabilities, kind);
  }
  get input(): Asking["input"] {
    return this.#asks.input;
  }
  get elicit(): Asking["elicit"] {
    return this.#asks.elicit;
  }
  get sample(): Asking["sample"] {
    return this.#asks.sample;
  }
  get roots(): Asking["roots"] {
    return this.#asks.roots;
  }
  get once(): Asking["once"] {
    return this.#asks.once;
  }

  get #asks(): Asking {
    return (this.#asking ??= this.#begin()).asking;
  }
}
