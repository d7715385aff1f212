import type { Ending } from "@parley/core";
import type { Asking, ToolContext } from "@parley/tool-registry";

/** What a {@link LimitedContext} needs of a deadline. */
export interface Limit extends Ending {
  /** Progress was heard. */
  extend(): void;
  /** The time stands still. @returns what lets it go on */
  hold(): () => void;
}

/** A caller's context with another end, made for each call and read in parts: such a context cannot be spread. */
export class EndedContext implements ToolContext {
  protected readonly inner: ToolContext;
  readonly #ending: Ending;

  constructor(inner: ToolContext, ending: Ending) {
    this.inner = inner;
    this.#ending = ending;
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }
  get ending(): Ending {
    return this.#ending;
  }
  progress(...report: Parameters<ToolContext["progress"]>): void {
    this.inner.progress(...report);
  }
  get input(): Asking["input"] {
    return this.inner.input;
  }

  get caller(): ToolContext["caller"] {
    return this.inner.caller;
  }
  get scopes(): ToolContext["scopes"] {
    return this.inner.scopes;
  }
  get headers(): ToolContext["headers"] {
    return this.inner.headers;
  }
  get session(): ToolContext["session"] {
    return this.inner.session;
  }
  get logLevel(): ToolContext["logLevel"] {
    return this.inner.logLevel;
  }
  log(...entry: Parameters<ToolContext["log"]>): void {
    this.inner.log(...entry);
  }
  hangUp(): void {
    this.inner.hangUp();
  }
  get isFirstRun(): ToolContext["isFirstRun"] {
    return this.inner.isFirstRun;
  }
  get mayOutlive(): ToolContext["mayOutlive"] {
    return this.inner.mayOutlive;
  }
  get outlive(): ToolContext["outlive"] {
    return this.inner.outlive;
  }
  get _meta(): ToolContext["_meta"] {
    return this.inner._meta;
  }
  get canAsk(): Asking["canAsk"] {
    return this.inner.canAsk;
  }
  get elicit(): Asking["elicit"] {
    return this.inner.elicit;
  }
  get sample(): Asking["sample"] {
    return this.inner.sample;
  }
  get roots(): Asking["roots"] {
    return this.inner.roots;
  }
  get once(): Asking["once"] {
    return this.inner.once;
  }
}

/** A caller's context with a deadline in between. */
export class LimitedContext extends EndedContext {
  readonly #limit: Limit;

  constructor(inner: ToolContext, limit: Limit) {
    super(inner, limit);
    this.#limit = limit;
  }

  override progress(...report: Parameters<ToolContext["progress"]>): void {
    this.#limit.extend();
    this.inner.progress(...report);
  }
  override get input(): Asking["input"] {
    const { input } = this.inner;
    return async (questions) => {
      const resume = this.#limit.hold();
      try {
        return await input(questions);
      } finally {
        resume();
      }
    };
  }
}
