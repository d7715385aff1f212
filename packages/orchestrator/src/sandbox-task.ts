/** What the thread is to check. */
export type SandboxTask =
  | { readonly kind: "regex"; readonly pattern: string; readonly flags: string; readonly text: string }
  | {
      readonly kind: "schema";
      readonly schema: Readonly<Record<string, unknown>>;
      readonly value: unknown;
    };

/** What it found. */
export interface SandboxAnswer {
  readonly ok: boolean;
  readonly problems: readonly string[];
}
