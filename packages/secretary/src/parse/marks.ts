/** Stands for text a rule has read; no rule matches it again. */
export const readMark = "\u0000";
/** Stands for text a rule understood but could not accept; no rule matches it again and it is reported. */
export const refusedMark = "\u0001";

/**
 * What a rule says of a match: the path it filled (and where the reading ends, if not at the match's end),
 * `refused` to report it, nothing to leave it to later rules.
 */
export type Outcome = { readonly path: string; readonly end?: number | undefined } | "refused" | undefined;
