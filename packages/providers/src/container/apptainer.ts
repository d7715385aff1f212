import type { Scope } from "@parley/core";
import type { Provider, ProviderContext } from "../provider.ts";
import { cacheTool } from "./_cache.ts";
import { createRuntimeProvider } from "./_runtime-provider.ts";
import { readVersionFlag } from "./_version.ts";

/** Apptainer on this host; ordinary users may run containers with it. */
export function createApptainerProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  return createRuntimeProvider(context, {
    name: "apptainer",
    hostScope,
    program: "apptainer",
    read: readVersionFlag,
    rootless: true,
    metadata: { cache_dir: context.env["APPTAINER_CACHEDIR"] },
    evidenceTool: "list_cache",
    tools: [cacheTool(context, "apptainer")],
  });
}
