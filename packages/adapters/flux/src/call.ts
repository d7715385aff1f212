import { systemClock } from "@parley/core";
import { checkFluxUri, createFluxInstance } from "@parley/engines/flux";
import type { FluxInstance } from "@parley/engines/flux";
import { createRun } from "@parley/exec";
import type { ToolContext } from "@parley/tool-registry";
import { commandEnvironment, inheritedEnvironment } from "./environment.ts";
import type { FluxOptions } from "./options.ts";

/** What a running operation works with. */
export interface Call {
  /** The instance at an address, else the configured one. @throws `E_ARGUMENT_INVALID`, `E_ENGINE_FORBIDDEN` */
  flux(uri?: string): FluxInstance;
  /** The address a call without `uri` goes to, where one is set. */
  readonly uri: string | undefined;
  /** What every job is given of the server's environment. */
  readonly inherited: Readonly<Record<string, string>>;
  readonly allowRemote: boolean;
  readonly signal: AbortSignal;
  /** Whether waiting may last as long as the job. */
  readonly mayOutlive: boolean;
  now(): number;
  progress: ToolContext["progress"];
}

/** Options of an operation called as a function. */
export interface CallOptions extends FluxOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ToolContext["progress"] | undefined;
  /** Whether `flux_run_job` and its like may wait to the end of a job. Default true for functions. */
  readonly mayOutlive?: boolean | undefined;
}

const never = new AbortController().signal;

/** Makes the call of an operation. Reads the environment; runs nothing. */
export function openCall(options: CallOptions): Call {
  const { allowRemote = false, timeoutMs = 15_000, run = createRun(), command } = options;
  const env = options.env ?? process.env;
  const own = options.uri ?? env["FLUX_URI"];
  const now = options.now ?? (() => systemClock.now());
  const environment = commandEnvironment(env);
  return {
    uri: own,
    inherited: inheritedEnvironment(env, options.passEnvironment),
    allowRemote,
    signal: options.signal ?? never,
    mayOutlive: options.mayOutlive ?? true,
    now,
    progress: options.progress ?? (() => undefined),
    flux: (uri) =>
      createFluxInstance({
        run,
        environment,
        uri: uri === undefined ? own : checkFluxUri(uri, allowRemote),
        command,
        timeoutMs,
        now,
      }),
  };
}
