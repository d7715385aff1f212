import type { Scope } from "@parley/core";
import type { Provider, ProviderContext } from "../provider.ts";
import { createRdmaProvider } from "./_rdma-provider.ts";

/**
 * RDMA devices of this host, from `/sys/class/infiniband`. By link layer they make fabrics of kind `infiniband`,
 * `roce` or `efa`; Omni-Path devices in the same class belong to their own provider.
 */
export function createInfinibandProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  return createRdmaProvider(context, {
    name: "infiniband",
    hostScope,
    tool: "get_port_status",
    description: "State, rate in bits per second and link layer of each RDMA port of this host.",
    admit: (device) => !device.startsWith("hfi1"),
    metadata: (devices) => ({ device_count: devices.length, devices }),
  });
}
