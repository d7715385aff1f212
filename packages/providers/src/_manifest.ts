import { type Manifest, type Policy, type Prices, isoTime } from "@parley/core";
import { withDeadline } from "./_bounded.ts";
import type { Roster } from "./_roster.ts";
import type { Provider, ProviderCallOptions } from "./provider.ts";

interface ManifestOptions {
  readonly roster: Roster;
  readonly prices?: Prices | undefined;
  readonly policy?: Policy | undefined;
  readonly callTimeoutMs: number;
  readonly now: () => number;
}

type Entry = Record<string, unknown>;

/** The static side of a site; the metadata of each provider is read once and kept, a failure is tried again. */
export function createManifest({ roster, prices, policy, callTimeoutMs, now }: ManifestOptions): {
  read(options?: ProviderCallOptions): Promise<Manifest>;
  truth(): Promise<Manifest>;
} {
  const kept = new Map<string, Entry>();

  async function entry(provider: Provider, options: ProviderCallOptions): Promise<Entry> {
    const cached = kept.get(provider.name);
    if (cached !== undefined) return cached;
    const stamp = { scope: provider.scope, observedAt: isoTime(now()) };
    try {
      const { timeoutMs = callTimeoutMs, signal } = options;
      const limits = { timeoutMs, signal, what: `Provider ${provider.name}` };
      const metadata = await withDeadline(limits, async (callOptions) => provider.metadata(callOptions));
      const fresh = { ...withoutUnknown(metadata), ...stamp };
      kept.set(provider.name, fresh);
      return fresh;
    } catch (error) {
      if (options.signal?.aborted === true) throw error;
      return { ...stamp, error: error instanceof Error ? error.message : String(error) };
    }
  }

  async function collect(read: (provider: Provider) => Promise<Entry>): Promise<Manifest> {
    const providers = [...roster.usable.values()];
    const entries = await Promise.all(providers.map(read));
    const manifest: Manifest = {};
    for (const [index, { category, name }] of providers.entries()) {
      manifest[category] = { ...manifest[category], [name]: entries[index] ?? {} };
    }
    return manifest;
  }

  return {
    async read(options = {}) {
      const manifest = await collect(async (provider) => entry(provider, options));
      const rules = { ...(prices && { prices }), ...(policy && { policy }) };
      return Object.keys(rules).length > 0 ? { ...manifest, site: rules } : manifest;
    },
    truth: async () => collect(async (provider) => provider.truth?.() ?? entry(provider, {})),
  };
}

function withoutUnknown(metadata: Entry): Entry {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined));
}
