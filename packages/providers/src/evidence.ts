import { type Evidence, type Scope, isoTime } from "@parley/core";

/** Collects the evidence of one facts call. */
export interface EvidenceRecorder {
  readonly items: readonly Evidence[];
  /** Records one reading and returns its id, `<provider>.<tool>#<n>`. */
  record(tool: string, reading: EvidenceReading): string;
}

/** One reading: what was asked, when it was read, and its gist in one line. */
export interface EvidenceReading {
  readonly args?: Readonly<Record<string, unknown>> | undefined;
  /** Milliseconds since the epoch; the time of the reading, not of the answer, when it comes from a cache. */
  readonly observedAtMs: number;
  readonly summary?: string | undefined;
}

/** Starts the evidence list of one facts call of a provider. */
export function createEvidenceRecorder(provider: string, scope: Scope): EvidenceRecorder {
  const items: Evidence[] = [];
  return {
    items,
    record(tool, { args = {}, observedAtMs, summary }) {
      const id = `${provider}.${tool}#${items.length + 1}`;
      items.push({
        id,
        provider,
        tool,
        args: { ...args },
        scope,
        observedAt: isoTime(observedAtMs),
        ...(summary === undefined ? {} : { summary }),
      });
      return id;
    },
  };
}
