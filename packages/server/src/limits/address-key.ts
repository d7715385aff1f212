import { isIPv6 } from "node:net";

/**
 * What counts as one sender among network addresses: an IPv4 address, or the /64 an IPv6 address is in, since
 * a host chooses freely inside it. An IPv4 address written as IPv6 is the IPv4 address.
 */
export function addressKey(address: string): string {
  if (!address.includes(":")) return address;
  const bare = address.split("%")[0] ?? "";
  if (!isIPv6(bare)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = bare.split("::");
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => "0");
  const network = [...before, ...zeros, ...after].slice(0, 4);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}

/** Sixteen-bit groups; an IPv4 ending stands for two, whose value is outside the /64 and does not matter. */
function groups(text: string): string[] {
  return text === "" ? [] : text.split(":").flatMap((group) => (group.includes(".") ? ["0", "0"] : [group]));
}
