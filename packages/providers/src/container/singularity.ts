import type { Scope } from "@parley/core";
import type { Provider, ProviderContext } from "../provider.ts";
import { cacheTool } from "./_cache.ts";
import { createRuntimeProvider } from "./_runtime-provider.ts";
import { readVersionFlag } from "./_version.ts";

/** Singularity on this host; ordinary users may run containers with it. */
export function createSingularityProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  return createRuntimeProvider(context, {
    name: "singularity",
    hostScope,
    program: "singularity",
    read: readVersionFlag,
    rootless: true,
    metadata: { cache_dir: context.env["SINGULARITY_CACHEDIR"] },
    evidenceTool: "list_cache",
    tools: [cacheTool(context, "singularity")],
  });
}
