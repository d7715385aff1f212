import { BlockList, isIP } from "node:net";
import { globPattern, ParleyError } from "@parley/core";
import type { AddressCheck } from "@parley/mcp-client";
import ipaddr from "ipaddr.js";
import { LRUCache } from "lru-cache";
import type { NetworkRules } from "../config/safety-config.ts";

/** Where clouds hand out credentials, by addresses that are not link-local. */
const metadata: ReadonlySet<string> = new Set([
  "100.100.100.200",
  "168.63.129.16",
  "192.0.0.192",
  "fd00:ec2::254",
  "fd20:ce::254",
]);

/** Kinds of address, by the words of the file. */
const kinds = ["loopback", "private", "public", "metadata"] as const;
type Kind = (typeof kinds)[number] | "other";

/** Names that are known to mean this machine or this network, whatever they resolve to. */
const localName = /^[^.]+$|\.(?:localhost|local|internal|lan|intranet|home\.arpa|test)$/i;

const maxNames = 1000;

/**
 * Rules for the addresses of servers and of their authorization servers. They hold for the address that is connected
 * to, not for the name: whoever owns a name can let it lead anywhere. Refused without being named are link-local and
 * metadata addresses, public names that lead to this machine, and names that led to a public address before and do
 * not any more.
 * @returns throws `E_ADDRESS_REFUSED`
 * @throws `E_CONFIG_INVALID` for a rule that means nothing
 */
export function createAddressCheck({ allow, deny }: NetworkRules): AddressCheck {
  const [allowed, denied] = [rulesOf(allow), rulesOf(deny)];
  const wasPublic = new LRUCache<string, true>({ max: maxNames });
  return (address, host) => {
    const name = host.toLowerCase().replace(/^\[|\]$|\.$/g, "");
    const plain = plainAddress(address);
    const kind = kindOf(plain);
    const refuse = (why: string): never => {
      throw refused(name, plain, why);
    };
    const target = { name, address: plain, kind };
    if (allowed(target)) return;
    if (denied(target)) refuse(`"network.deny" of the configuration has it`);
    if (kind === "metadata" || kind === "other")
      refuse(`it is a ${kind === "other" ? "special" : "link-local or metadata"} address`);
    if (isIP(name) !== 0) return;
    if (kind === "public") wasPublic.set(name, true);
    else if (wasPublic.has(name)) refuse("the name led to a public address before");
    else if (kind === "loopback" && !localName.test(name)) refuse("a public name leads to this machine");
  };
}

function refused(name: string, address: string, why: string): ParleyError {
  const where = name === address ? name : `${name} (${address})`;
  return new ParleyError(
    "E_ADDRESS_REFUSED",
    `${where} may not be connected to: ${why}; if you trust it, put it in "network": { "allow": [...] }.`,
    { details: { host: name, address } },
  );
}

/** IPv4 addresses in their own form, however they were written. */
function plainAddress(address: string): string {
  const bare = address.split("%")[0] ?? address;
  return ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : bare;
}

function kindOf(address: string): Kind {
  if (metadata.has(address)) return "metadata";
  if (!ipaddr.isValid(address)) return "other";
  const parsed = ipaddr.parse(address);
  const range = embedded(parsed)?.range() ?? parsed.range();
  if (range === "linkLocal") return "metadata";
  if (range === "loopback") return "loopback";
  if (["private", "uniqueLocal", "carrierGradeNat"].includes(range)) return "private";
  return range === "unicast" ? "public" : "other";
}

/** The IPv4 address inside one of NAT64, by which a gateway of the network would reach it. */
function embedded(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | undefined {
  if (!(address instanceof ipaddr.IPv6) || address.range() !== "rfc6052") return undefined;
  return new ipaddr.IPv4(address.toByteArray().slice(12));
}

interface Target {
  readonly name: string;
  readonly address: string;
  readonly kind: Kind;
}

function rulesOf(rules: readonly string[]): (target: Target) => boolean {
  const nets = new BlockList();
  const named = new Set(rules.filter((rule) => kinds.some((kind) => kind === rule)));
  const globs: RegExp[] = [];
  for (const rule of rules) {
    if (named.has(rule)) continue;
    if (isIP(plainAddress(rule)) !== 0) addNet(nets, rule, undefined);
    else if (rule.includes("/")) addNet(nets, ...netOf(rule));
    else globs.push(globPattern(rule.toLowerCase()));
  }
  return ({ name, address, kind }) =>
    named.has(kind) ||
    globs.some((glob) => glob.test(name)) ||
    (isIP(address) !== 0 && nets.check(address, isIP(address) === 6 ? "ipv6" : "ipv4"));
}

function addNet(nets: BlockList, address: string, bits: number | undefined): void {
  const plain = plainAddress(address);
  const family = isIP(plain) === 6 ? "ipv6" : "ipv4";
  if (bits === undefined) nets.addAddress(plain, family);
  else nets.addSubnet(plain, bits, family);
}

function netOf(rule: string): readonly [string, number] {
  const [address = "", bits = ""] = rule.split("/");
  const most = isIP(address) === 6 ? 128 : 32;
  if (isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most) return [address, Number(bits)];
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `network: ${JSON.stringify(rule)} is no network; write one such as 10.0.0.0/8, an address, a name, or one of ${kinds.join(", ")}.`,
  );
}
