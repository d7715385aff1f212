import type { Scope } from "@parley/core";
import type { Provider, ProviderContext } from "../provider.ts";
import { createRdmaProvider } from "./_rdma-provider.ts";

/** Omni-Path adapters of this host: the `hfi1` devices in `/sys/class/infiniband`. */
export function createOmniPathProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  return createRdmaProvider(context, {
    name: "omni-path",
    hostScope,
    tool: "get_opa_details",
    description: "State and rate in bits per second of each Omni-Path port of this host.",
    admit: (device) => device.startsWith("hfi1"),
    metadata: (devices) => ({ hfi_count: devices.length, devices }),
  });
}
