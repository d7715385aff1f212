import { type ProbeStatus, type Scope, type Storage, formatBytes } from "@parley/core";
import { isSafePath, oneLine } from "../_command.ts";
import { createEvidenceRecorder } from "../evidence.ts";
import type {
  FactsQuery,
  PartialFacts,
  Provider,
  ProviderCallOptions,
  ProviderContext,
  ProviderTool,
} from "../provider.ts";
import { readCapacity } from "./_capacity.ts";
import { type Mount, mountOf, readMounts, visibleMounts } from "./_mounts.ts";

/** Which paths belong to a provider. */
interface MountFamily {
  /** Mounts of this provider, of all that are visible. */
  readonly own: (mount: Mount) => boolean;
  /** Whether a mount is worth naming although no request asked for it; default: every own mount. */
  readonly advertise?: ((mount: Mount) => boolean) | undefined;
  /** Directories to name beside whole mounts, such as `/tmp`. */
  readonly directories?: readonly string[] | undefined;
}

interface MountProviderOptions extends MountFamily {
  readonly name: string;
  readonly hostScope: Scope;
  readonly parallel: boolean;
  /** What {@link Storage.kind} a path on such a mount has. */
  readonly kind: (mount: Mount, path: string) => string;
  /** Tool that the evidence names. */
  readonly evidenceTool: string;
  readonly tools: readonly ProviderTool[];
  readonly metadata: (paths: readonly MountedPath[]) => Promise<Record<string, unknown>>;
}

/** A path and the mount it lies on. */
export interface MountedPath {
  readonly path: string;
  readonly mount: Mount;
}

/** Most file systems one answer measures; sites with automounted homes have thousands. */
const maxPaths = 16;

/** A provider over the mounts of one family of file systems. Nothing of that family mounted is `absent`. */
export function createMountProvider(context: ProviderContext, options: MountProviderOptions): Provider {
  const { name, hostScope } = options;
  return {
    name,
    category: "storage",
    scope: hostScope,
    async probe() {
      const status: ProbeStatus = (await advertised(context, options)).length > 0 ? "present" : "absent";
      return { status };
    },
    metadata: async () => options.metadata(await advertised(context, options)),
    facts: async (query, callOptions) => mountFacts(context, options, { query, callOptions }),
    tools: options.tools,
  };
}

/** The paths a mount provider names without being asked. */
export async function advertised(
  context: ProviderContext,
  { own, advertise = () => true, directories = [] }: MountFamily,
): Promise<readonly MountedPath[]> {
  const mounts = visibleMounts(await readMounts(context));
  const whole = mounts
    .filter((mount) => own(mount) && advertise(mount))
    .map((mount) => ({ path: mount.path, mount }));
  const inside: MountedPath[] = [];
  for (const path of directories.filter(isSafePath)) {
    const mount = mountOf(mounts, path);
    const exists = (await context.list(path)) !== undefined;
    if (exists && mount !== undefined && own(mount)) inside.push({ path, mount });
  }
  return unique([...whole, ...inside]).slice(0, maxPaths);
}

async function mountFacts(
  context: ProviderContext,
  options: MountProviderOptions,
  call: { readonly query: FactsQuery; readonly callOptions: ProviderCallOptions | undefined },
): Promise<PartialFacts> {
  const { name, hostScope, parallel, own, kind, evidenceTool } = options;
  const mounts = visibleMounts(await readMounts(context));
  const asked = call.query.paths.filter(isSafePath).flatMap((path) => {
    const mount = mountOf(mounts, path);
    return mount !== undefined && own(mount) ? [{ path, mount }] : [];
  });
  const named = await advertised(context, options);
  const paths = unique([...asked, ...named]).slice(0, maxPaths);
  const evidence = createEvidenceRecorder(name, hostScope);
  const measured = await Promise.all(
    paths.map(async ({ path }) => readCapacity(context, path, call.callOptions)),
  );
  const storage = paths.flatMap(({ path, mount }, index): Storage[] => {
    const capacity = measured[index];
    // A path that was only asked about and cannot be measured may not exist.
    if (capacity === undefined && !named.some((item) => item.path === path)) return [];
    const free = capacity === undefined ? "not measurable" : `${formatBytes(capacity.freeBytes)} free`;
    const id = evidence.record(evidenceTool, {
      args: { path },
      observedAtMs: context.now(),
      summary: `${oneLine(path)} on ${mount.type}, ${free}`,
    });
    return [{ kind: kind(mount, path), path, parallel, ...capacity, scope: hostScope, evidence: id }];
  });
  return storage.length === 0 ? {} : { storage, evidence: [...evidence.items] };
}

function unique(paths: readonly MountedPath[]): readonly MountedPath[] {
  return [...new Map(paths.map((item) => [item.path, item])).values()];
}
