/** What a soak found; `failures` is empty when it passed. */
export interface SoakReport {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly failures: readonly string[];
}
