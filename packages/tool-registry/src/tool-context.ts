import { type Asking, createAsking, nobodyToAsk } from "./asking.ts";
import type { ToolContext } from "./definitions.ts";

/** Every scope a tool can ask for. */
export const allScopes: ReadonlySet<string> = new Set(["read", "negotiate", "dispatch", "admin"]);

/** Whether a credential's scopes cover one scope; `admin` covers every scope. */
export function hasScope(scopes: ReadonlySet<string>, scope: string): boolean {
  return scopes.has(scope) || scopes.has("admin");
}

/**
 * A context for calling a tool directly: all scopes, no progress, nobody to ask, a signal that never aborts, unless
 * given. With `input` given, `elicit`, `sample` and `roots` go through it.
 */
export function toolContext(
  known: { readonly [Key in keyof ToolContext]?: ToolContext[Key] | undefined } = {},
): ToolContext {
  return {
    signal: known.signal ?? new AbortController().signal,
    scopes: known.scopes ?? allScopes,
    progress: known.progress ?? ignore,
    log: known.log ?? ignore,
    hangUp: known.hangUp ?? ignore,
    ...askingOf(known),
    ...(known.headers === undefined ? {} : { headers: known.headers }),
    ...(known.logLevel === undefined ? {} : { logLevel: known.logLevel }),
    ...(known.session === undefined ? {} : { session: known.session }),
    ...(known.outlive === undefined ? {} : { outlive: known.outlive }),
    ...(known.mayOutlive === undefined ? {} : { mayOutlive: known.mayOutlive }),
    ...(known.caller === undefined ? {} : { caller: known.caller }),
    ...(known._meta === undefined ? {} : { _meta: known._meta }),
  };
}

function askingOf(known: { readonly [Key in keyof Asking]?: Asking[Key] | undefined }): Asking {
  const { input, once = nobodyToAsk.once } = known;
  const canAsk = known.canAsk ?? (input === undefined ? nobodyToAsk.canAsk : () => true);
  const asking = input === undefined ? nobodyToAsk : createAsking({ canAsk, input, once });
  return {
    canAsk,
    once,
    input: asking.input,
    elicit: known.elicit ?? asking.elicit,
    sample: known.sample ?? asking.sample,
    roots: known.roots ?? asking.roots,
  };
}

function ignore(): void {}
