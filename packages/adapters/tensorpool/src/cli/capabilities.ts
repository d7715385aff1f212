import { stat } from "node:fs/promises";

/** What a `tp` takes, read from its own help. */
export interface Capabilities {
  /** As it says; `unknown` from a checkout. */
  readonly version: string;
  /** `legacy` until 0.0.6: jobs bring their own cluster. `current` from 0.0.7: they run on one there is. */
  readonly generation: "legacy" | "current";
  readonly instanceType: "flag" | "positional";
  readonly pushNeedsCluster: boolean;
  readonly pushTeardown: boolean;
  readonly cancelNoInput: boolean;
  readonly jobDelete: boolean;
  readonly listInstances: boolean;
  readonly containerFlag: string | undefined;
  /** Whether attaching is a verb of `cluster`, or (0.0.5) of `storage`. */
  readonly attachUnder: "cluster" | "storage";
  /** What `storage create` takes: a size, a type and a size, or flags for them. */
  readonly storageCreate: "size" | "type-and-size" | "type-flag" | "size-flag";
  readonly storageWait: boolean;
  readonly objectStorage: boolean;
}

/** Runs `tp` with arguments and gives its standard output. @throws as the backend does */
export type Ask = (args: readonly string[]) => Promise<string>;

const pages = {
  version: ["--version"],
  root: ["--help"],
  cluster: ["cluster", "--help"],
  create: ["cluster", "create", "--help"],
  list: ["cluster", "list", "--help"],
  job: ["job", "--help"],
  push: ["job", "push", "--help"],
  cancel: ["job", "cancel", "--help"],
  storage: ["storage", "create", "--help"],
} as const;

/** Reads what a `tp` takes from its help, which needs neither key nor network. */
export async function probeCapabilities(ask: Ask): Promise<Capabilities> {
  const names = Object.keys(pages);
  const texts = await Promise.all(Object.values(pages).map(ask));
  const page = Object.fromEntries(names.map((name, index) => [name, texts[index] ?? ""]));
  return readCapabilities(page);
}

/** What help pages say; a page that is missing counts as empty. */
export function readCapabilities(page: Readonly<Partial<Record<string, string>>>): Capabilities {
  const usage = (name: string): string => usageOf(page[name] ?? "");
  const create = usage("create");
  const positional = /\binstance_type$/.test(create);
  const version = /^\d[\w.+-]*$/m.exec(page["version"]?.trim() ?? "")?.[0] ?? "unknown";
  const container = /--(?:experimental-)?container\b/.exec(create)?.[0];
  const cluster = usage("cluster");
  return {
    version,
    generation: positional ? "current" : "legacy",
    instanceType: positional ? "positional" : "flag",
    pushNeedsCluster: /\bcluster_id\b/.test(usage("push")),
    pushTeardown: usage("push").includes("--teardown"),
    cancelNoInput: usage("cancel").includes("--no-input"),
    jobDelete: /\bdelete\b/.test(usage("job")),
    listInstances: usage("list").includes("--instances"),
    containerFlag: container,
    attachUnder: /\battach\b/.test(cluster) ? "cluster" : "storage",
    storageCreate: storageForm(usage("storage")),
    storageWait: usage("storage").includes("--wait"),
    objectStorage: usage("root").includes("object-storage"),
  };
}

/** The usage of a help page on one line, whatever width it was wrapped at. */
function usageOf(page: string): string {
  return (
    page
      .split(/\n\s*\n/, 1)[0]
      ?.replace(/\s+/g, " ")
      .trim() ?? ""
  );
}

function storageForm(usage: string): Capabilities["storageCreate"] {
  if (/\bvolume_type$/.test(usage)) return "type-and-size";
  if (/ -t TYPE\b/.test(usage)) return "type-flag";
  return / -s SIZE\b/.test(usage) ? "size-flag" : "size";
}

/** Remembers what each `tp` takes until the file changes. */
export interface ProbeCache {
  get(program: string, probe: () => Promise<Capabilities>): Promise<Capabilities>;
}

/** A cache by path and time of change; probes that fail are not remembered. */
export function createProbeCache(): ProbeCache {
  const known = new Map<string, Promise<Capabilities>>();
  return {
    async get(program, probe) {
      const { mtimeMs } = await stat(program).catch(() => ({ mtimeMs: 0 }));
      const key = `${program}\n${String(mtimeMs)}`;
      const found = known.get(key) ?? probe();
      known.set(key, found);
      found.catch(() => known.delete(key));
      return found;
    },
  };
}
