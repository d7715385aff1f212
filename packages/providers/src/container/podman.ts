import type { Scope } from "@parley/core";
import type { Provider, ProviderContext } from "../provider.ts";
import { imagesTool } from "./_images.ts";
import { createRuntimeProvider } from "./_runtime-provider.ts";
import { readVersionFlag } from "./_version.ts";

/** Podman on this host; rootless when the worker itself is not root. */
export function createPodmanProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  const { userId } = context.machine();
  return createRuntimeProvider(context, {
    name: "podman",
    hostScope,
    program: "podman",
    read: readVersionFlag,
    rootless: userId === undefined ? undefined : userId !== 0,
    evidenceTool: "list_images",
    tools: [imagesTool(context, "podman")],
  });
}
