import type { FabricModel } from "../model/cluster-model.ts";
import { noArguments, observe, type Facility } from "./_facility.ts";

const gigabits = ({ bitsPerSecond }: FabricModel): number => bitsPerSecond / 1_000_000_000;

interface Wording {
  readonly tool: string;
  readonly description: string;
  metadata(fabric: FabricModel): Record<string, unknown>;
  truth(fabric: FabricModel): Record<string, unknown>;
  answer(fabric: FabricModel): unknown;
}

const ports = (fabric: FabricModel): unknown => ({
  ports: fabric.devices.map((device) => ({
    device,
    port: "1",
    kind: fabric.kind,
    active: true,
    state: "ACTIVE",
    rate: `${gigabits(fabric)} Gb/sec`,
    bitsPerSecond: fabric.bitsPerSecond,
  })),
});

const wordings: Readonly<Record<FabricModel["kind"], Wording>> = {
  infiniband: {
    tool: "get_port_status",
    description: "State, rate in bits per second and link layer of each RDMA port of a compute node.",
    metadata: ({ devices }) => ({ device_count: devices.length, devices }),
    truth: (fabric) => ({ devices: fabric.devices, speed: `${gigabits(fabric)} Gb` }),
    answer: ports,
  },
  "omni-path": {
    tool: "get_opa_details",
    description: "State and rate in bits per second of each Omni-Path port of a compute node.",
    metadata: ({ devices }) => ({ hfi_count: devices.length, devices }),
    truth: ({ devices }) => ({ hfi_count: devices.length }),
    answer: ports,
  },
  ethernet: {
    tool: "get_interface_stats",
    description: "State, speed in bits per second and MTU of each Ethernet interface of a compute node.",
    metadata: ({ devices }) => ({
      interface_count: devices.length,
      interfaces: devices,
      is_local_only: false,
    }),
    truth: (fabric) => ({ interfaces: fabric.devices, speed_mbit: gigabits(fabric) * 1000 }),
    answer: ({ devices, bitsPerSecond }) => ({
      interfaces: devices.map((name) => ({
        name,
        up: true,
        bitsPerSecond,
        mtuBytes: 1500,
        kind: "physical",
      })),
    }),
  },
};

/** The interconnect of a site. */
export function fabricFacility(fabric: FabricModel): Facility {
  const { kind, bitsPerSecond } = fabric;
  const wording = wordings[kind];
  return {
    name: kind,
    category: "network",
    metadata: () => wording.metadata(fabric),
    truth: () => wording.truth(fabric),
    facts: (_query, record) => {
      const evidence = record(wording.tool, { summary: `${kind} at ${gigabits(fabric)} Gb/s` });
      const devices = [...fabric.devices];
      return {
        fabrics: [{ kind, bitsPerSecond, rdma: kind !== "ethernet", devices, scope: "cluster", evidence }],
      };
    },
    tools: [
      observe({
        name: wording.tool,
        description: wording.description,
        input: noArguments,
        answer: () => wording.answer(fabric),
      }),
    ],
  };
}
