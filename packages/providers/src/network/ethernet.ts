import type { Scope } from "@parley/core";
import { z } from "zod";
import { createEvidenceRecorder } from "../evidence.ts";
import type { Provider, ProviderContext } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";
import { readEthernetInterfaces } from "./_interfaces.ts";

const name = "ethernet";

/** Ethernet of this host, from `/sys/class/net`: hardware and bonds only. */
export function createEthernetProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  return {
    name,
    category: "network",
    scope: hostScope,
    async probe() {
      const interfaces = await readEthernetInterfaces(context);
      if (interfaces === undefined || interfaces.length === 0) return { status: "absent" };
      return interfaces.some((item) => item.up)
        ? { status: "present" }
        : { status: "unreachable", detail: "No Ethernet interface is up." };
    },
    async metadata() {
      const interfaces = (await readEthernetInterfaces(context)) ?? [];
      const names = interfaces.map((item) => item.name);
      return { interface_count: names.length, interfaces: names, is_local_only: names.length === 0 };
    },
    async facts() {
      const up = ((await readEthernetInterfaces(context)) ?? []).filter((item) => item.up);
      if (up.length === 0) return {};
      const evidence = createEvidenceRecorder(name, hostScope);
      const devices = up.map((item) => item.name);
      const id = evidence.record("get_interface_stats", {
        observedAtMs: context.now(),
        summary: `${devices.join(", ")} up`,
      });
      const rates = up.flatMap((item) => (item.bitsPerSecond === undefined ? [] : [item.bitsPerSecond]));
      const bitsPerSecond = rates.length > 0 ? Math.max(...rates) : undefined;
      return {
        fabrics: [{ kind: "ethernet", bitsPerSecond, rdma: false, devices, scope: hostScope, evidence: id }],
        evidence: [...evidence.items],
      };
    },
    tools: [
      defineProviderTool({
        name: "get_interface_stats",
        description: "State, speed in bits per second and MTU of each Ethernet interface of this host.",
        input: z.object({}),
        handler: async () => ({ interfaces: (await readEthernetInterfaces(context)) ?? [] }),
      }),
    ],
  };
}
