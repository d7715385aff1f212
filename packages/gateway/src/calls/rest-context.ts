import type { Caller } from "@parley/server";
import type { Ending, Stop } from "@parley/core";
import { allScopes, createAsking, nobodyToAsk } from "@parley/tool-registry";
import type { AskKind, Asking, ToolContext } from "@parley/tool-registry";

/** What a call over REST tells, and how it asks. */
export interface RestChannel {
  readonly caller: Pick<Caller, "name" | "headers">;
  readonly canAsk: (kind: AskKind) => boolean;
  ask: Asking["input"];
  report: ToolContext["progress"];
  log: ToolContext["log"];
}

const ignore = (): void => undefined;

/** The context of a call over REST. It has one run, whatever it asks, and is made in parts when they are read. */
export class RestContext implements ToolContext {
  readonly #channel: RestChannel;
  readonly #stop: Stop;
  #asking: Asking | undefined;
  readonly scopes = allScopes;
  readonly hangUp = ignore;
  readonly once = nobodyToAsk.once;
  readonly isFirstRun = true;

  constructor(channel: RestChannel, stop: Stop) {
    this.#channel = channel;
    this.#stop = stop;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }
  get ending(): Ending {
    return this.#stop;
  }
  get caller(): string {
    return this.#channel.caller.name;
  }
  get headers(): ToolContext["headers"] {
    return this.#channel.caller.headers;
  }
  progress(...report: Parameters<ToolContext["progress"]>): void {
    this.#channel.report(...report);
  }
  log(...entry: Parameters<ToolContext["log"]>): void {
    this.#channel.log(...entry);
  }
  get canAsk(): Asking["canAsk"] {
    return this.#channel.canAsk;
  }
  get input(): Asking["input"] {
    return (questions) => this.#channel.ask(questions);
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

  get #asks(): Asking {
    const { canAsk } = this.#channel;
    return (this.#asking ??= createAsking({ canAsk, input: this.input, once: this.once }));
  }
}
