import type { InstalledSoftware, ProbeStatus, Scope, SoftwareInventory } from "@parley/core";
import type { RunResult } from "@parley/exec";
import { type Timed, createCache } from "../_cache.ts";
import { failureDetail, failureStatus, isSafeName } from "../_command.ts";
import { createEvidenceRecorder } from "../evidence.ts";
import type {
  FactsQuery,
  PartialFacts,
  ProbeResult,
  Provider,
  ProviderCallOptions,
  ProviderContext,
  ProviderTool,
} from "../provider.ts";
import { type NameRule, matchSoftware } from "./_match.ts";

/** A whole inventory, or why there is none. */
export interface InventoryReading {
  readonly status: ProbeStatus;
  readonly detail?: string | undefined;
  readonly items: readonly InstalledSoftware[];
}

/** Reads the inventory; shared by facts and tools, one reading under way at a time. */
export type ReadInventory = (options?: ProviderCallOptions) => Promise<Timed<InventoryReading>>;

interface InventoryProviderOptions {
  readonly source: SoftwareInventory["source"];
  readonly hostScope: Scope;
  readonly probe: (options?: ProviderCallOptions) => Promise<ProbeResult>;
  readonly metadata: (options?: ProviderCallOptions) => Promise<Record<string, unknown>>;
  readonly inventory: ReadInventory;
  readonly rule?: NameRule | undefined;
  /** Tool that the evidence names. */
  readonly evidenceTool: string;
  readonly tools: readonly ProviderTool[];
}

/** A package listing may take its time: `spack find` on a large installation needs tens of seconds. */
const loadTimeoutMs = 60_000;

const isListing = ({ status }: InventoryReading): boolean => status === "present" || status === "empty";

export function createInventory(
  context: ProviderContext,
  ttlMs: number | undefined,
  load: (options: ProviderCallOptions) => Promise<InventoryReading>,
): ReadInventory {
  return createCache({ now: context.now, ttlMs: ttlMs ?? 300_000, loadTimeoutMs, keep: isListing }, load);
}

/** The inventory a listing makes: empty when it lists nothing, a failure when it did not run. */
export function inventoryOf(
  result: RunResult,
  parse: (result: RunResult) => readonly InstalledSoftware[] | undefined,
): InventoryReading {
  if (!result.ok) return { status: failureStatus(result), detail: failureDetail(result), items: [] };
  const items = parse(result);
  if (items === undefined) {
    return { status: "failed", detail: `${result.argv[0]} printed an unreadable listing.`, items: [] };
  }
  return { status: items.length > 0 ? "present" : "empty", items };
}

/** A provider over one package inventory. */
export function createInventoryProvider(settings: InventoryProviderOptions): Provider {
  const { source, hostScope, probe, metadata, tools } = settings;
  return {
    name: source,
    category: "software",
    scope: hostScope,
    probe,
    metadata,
    facts: async (query, options) => inventoryFacts(settings, query, options),
    tools,
  };
}

async function inventoryFacts(
  { source, hostScope, inventory, rule, evidenceTool }: InventoryProviderOptions,
  query: FactsQuery,
  options: ProviderCallOptions | undefined,
): Promise<PartialFacts> {
  const asked = [...new Set(query.software.filter(isSafeName))];
  if (asked.length === 0) return {};
  const { value, observedAtMs } = await inventory(options);
  if (value.status === "absent") return {};
  const found = matchSoftware(value.items, asked, rule);
  const evidence = createEvidenceRecorder(source, hostScope);
  const summary =
    found.length > 0
      ? found
          .slice(0, 5)
          .map(({ name, version }) => (version === undefined ? name : `${name} ${version}`))
          .join(", ")
      : (value.detail ?? `none of ${asked.join(", ")}`);
  const id = evidence.record(evidenceTool, { args: { names: asked }, observedAtMs, summary });
  return {
    software: [{ source, status: value.status, scope: hostScope, asked, found, evidence: id }],
    evidence: [...evidence.items],
  };
}
