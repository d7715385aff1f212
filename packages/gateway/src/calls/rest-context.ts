import type { Caller } from "@parley/server";
import type { Ending, Stop } from "@parley/core";
import { allScopes, createAsking, nobodyToAsk } from "@parley/tool-registry";
import type { AskKind, Asking, ToolContext } from "@parley/tool-registry";

/** What a call over REST tells, and how it asks. */
export interface RestChannel {
  readonly caller: Pick<Caller, "name" | "headers">;
  readonly canAsk: (kind: AskKind) => boolean;
  readonly input: Asking["input"];
  readonly progress: ToolContext["progress"];
  readonly log: ToolContext["log"];
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
  get progress(): ToolContext["progress"] {
    return this.#channel.progress;
  }
  get log(): ToolContext["log"] {
    return this.#channel.log;
  }
  get canAsk(): Asking["canAsk"] {
    return this.#channel.canAsk;
  }
  get input(): Asking["input"] {
    return this.#channel.input;
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
    const { canAsk, input } = this.#channel;
    return (this.#asking ??= createAsking({ canAsk, input, once: this.once }));
  }
}
