import type { ToolContext } from "./definitions.ts";

/** Every scope a tool can ask for. */
export const allScopes: ReadonlySet<string> = new Set(["read", "negotiate", "dispatch", "admin"]);

/** Whether a credential's scopes cover one scope; `admin` covers every scope. */
export function hasScope(scopes: ReadonlySet<string>, scope: string): boolean {
  return scopes.has(scope) || scopes.has("admin");
}

/** A context for calling a tool directly: all scopes, no progress, a signal that never aborts, unless given. */
export function toolContext(
  known: { readonly [Key in keyof ToolContext]?: ToolContext[Key] | undefined } = {},
): ToolContext {
  return {
    signal: known.signal ?? new AbortController().signal,
    scopes: known.scopes ?? allScopes,
    progress: known.progress ?? (() => undefined),
    log: known.log ?? (() => undefined),
    ...(known.caller === undefined ? {} : { caller: known.caller }),
    ...(known._meta === undefined ? {} : { _meta: known._meta }),
  };
}
