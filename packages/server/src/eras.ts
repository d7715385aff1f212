/** A generation of the protocol: sessions opened by a handshake, or requests that stand alone. */
export type Era = "2025" | "2026";

/** How much each era is used. */
export interface EraCounts {
  /** HTTP requests of clients of revisions up to 2025-11-25, and the sessions they hold now. */
  readonly "2025": { readonly requests: number; readonly sessions: number };
  /** HTTP requests of clients of revision 2026-07-28. */
  readonly "2026": { readonly requests: number };
}

/** The revision whose requests stand alone. */
export const modernRevision = "2026-07-28";
