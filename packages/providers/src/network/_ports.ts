import type { ProviderContext } from "../provider.ts";

/** One port of an RDMA device under `/sys/class/infiniband`. */
export interface RdmaPort {
  readonly device: string;
  readonly port: string;
  /** `infiniband`, `roce`, `efa` or `omni-path`. */
  readonly kind: string;
  readonly active: boolean;
  /** The kernel's word: `ACTIVE`, `DOWN`, `INIT`. */
  readonly state?: string | undefined;
  readonly bitsPerSecond?: number | undefined;
  /** As the kernel prints it: `100 Gb/sec (4X EDR)`. */
  readonly rate?: string | undefined;
}

const root = "/sys/class/infiniband";

/** Names of the RDMA devices; `undefined` without the class. */
async function listRdmaDevices(context: ProviderContext): Promise<readonly string[] | undefined> {
  return (await context.list(root))?.toSorted();
}

/** Every port of the devices a filter admits. */
export async function readRdmaPorts(
  context: ProviderContext,
  admit: (device: string) => boolean,
): Promise<readonly RdmaPort[]> {
  const devices = ((await listRdmaDevices(context)) ?? []).filter(admit);
  const perDevice = await Promise.all(
    devices.map(async (device) => {
      const ports = (await context.list(`${root}/${device}/ports`)) ?? [];
      return Promise.all(ports.toSorted().map(async (port) => readPort(context, device, port)));
    }),
  );
  return perDevice.flat();
}

async function readPort(context: ProviderContext, device: string, port: string): Promise<RdmaPort> {
  const read = async (file: string): Promise<string | undefined> =>
    (await context.readText(`${root}/${device}/ports/${port}/${file}`))?.trim();
  const state = /^\d+:\s*(\w+)/.exec((await read("state")) ?? "")?.[1];
  const rate = await read("rate");
  return {
    device,
    port,
    kind: portKind(device, (await read("link_layer")) ?? ""),
    active: state === "ACTIVE",
    state,
    rate,
    bitsPerSecond: parseRate(rate ?? ""),
  };
}

function portKind(device: string, linkLayer: string): string {
  if (device.startsWith("hfi1")) return "omni-path";
  if (device.startsWith("efa")) return "efa";
  return linkLayer === "Ethernet" ? "roce" : "infiniband";
}

/** Bits per second of `100 Gb/sec (4X EDR)` or `2.5 Gb/sec (1X SDR)`. */
export function parseRate(text: string): number | undefined {
  const amount = /^(\d{1,6}(?:\.\d{1,3})?)\s*Gb\/sec/.exec(text)?.[1];
  return amount === undefined ? undefined : Math.round(Number(amount) * 1e9);
}
