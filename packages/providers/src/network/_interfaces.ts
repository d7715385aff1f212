import type { ProviderContext } from "../provider.ts";

/** A network interface that is hardware or a bond of hardware. */
export interface EthernetInterface {
  readonly name: string;
  readonly up: boolean;
  /** Absent when the driver does not tell, as virtual machines' often do not. */
  readonly bitsPerSecond?: number | undefined;
  readonly mtuBytes?: number | undefined;
  readonly kind: "physical" | "bond";
}

const root = "/sys/class/net";

/** ARPHRD_ETHER of Linux include/uapi/linux/if_arp.h; InfiniBand interfaces have 32. */
const ethernetType = "1";

/**
 * Ethernet interfaces of this host; loopback, bridges, veth pairs, tunnels, VLANs and IPoIB do not count.
 * `undefined` without `/sys/class/net`.
 */
export async function readEthernetInterfaces(
  context: ProviderContext,
): Promise<readonly EthernetInterface[] | undefined> {
  const names = await context.list(root);
  if (names === undefined) return undefined;
  const found = await Promise.all(names.toSorted().map(async (name) => readInterface(context, name)));
  return found.filter((item) => item !== undefined);
}

async function readInterface(context: ProviderContext, name: string): Promise<EthernetInterface | undefined> {
  const at = `${root}/${name}`;
  const read = async (file: string): Promise<string | undefined> =>
    (await context.readText(`${at}/${file}`))?.trim();
  if ((await read("type")) !== ethernetType) return undefined;
  const bonded = (await context.list(`${at}/bonding`)) !== undefined;
  const physical = (await context.list(`${at}/device`)) !== undefined;
  const wireless = (await context.list(`${at}/wireless`)) !== undefined;
  if (wireless || (!bonded && !physical)) return undefined;
  const megabits = Number(await read("speed"));
  const mtuBytes = Number(await read("mtu"));
  return {
    name,
    up: (await read("operstate")) === "up",
    bitsPerSecond: Number.isSafeInteger(megabits) && megabits > 0 ? megabits * 1e6 : undefined,
    mtuBytes: Number.isSafeInteger(mtuBytes) && mtuBytes > 0 ? mtuBytes : undefined,
    kind: bonded ? "bond" : "physical",
  };
}
