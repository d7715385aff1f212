/** Takes access tokens of callers; apart, since its cryptography takes a while to load. */

export { createCallerTokens } from "../policy/caller-tokens.ts";
export type { CallerTokens } from "../policy/caller-tokens.ts";
