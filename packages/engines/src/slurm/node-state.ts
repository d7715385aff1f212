/**
 * What a node can do: run jobs `now`, only `later` (powered down, rebooting, planned for another job), or
 * `never` until somebody acts.
 */
export type NodeUse = "now" | "later" | "never";

const never = [
  "BLOCKED", "DOWN", "DRAIN", "DRAINED", "DRAINING", "ERROR", "FAIL", "FAILING", "FUTURE", "INVAL", "INVALID_REG",
  "MAINT", "MAINTENANCE", "NOT_RESPONDING", "NO_RESPOND", "PERFCTRS", "RESERVED", "RESV", "UNK", "UNKNOWN",
] as const; // prettier-ignore
const now = ["ALLOC", "ALLOCATED", "CLOUD", "COMP", "COMPLETING", "DYNAMIC", "DYNAMIC_FUTURE", "DYNAMIC_NORM", "IDLE", "MIX", "MIXED"] as const; // prettier-ignore

const uses = new Map<string, NodeUse>([
  ...never.map((word) => [word, "never"] as const),
  ...now.map((word) => [word, "now"] as const),
]);

/** The suffixes of `sinfo`: not responding, in maintenance; all others mean power or reboot. */
const suffixUses: Readonly<Record<string, NodeUse>> = { "*": "never", $: "never" };

/**
 * Reads a node state as `scontrol` (`IDLE+DRAIN`) or `sinfo` (`idle*`, `mixed~`) prints it.
 * A word that is not known is taken as `later`: nothing is promised on it now.
 */
export function nodeUse(state: string): NodeUse {
  const match = /^([A-Za-z_+]*)([^A-Za-z_+]*)$/.exec(state.trim());
  const words = (match?.[1] ?? "")
    .toUpperCase()
    .split("+")
    .filter((word) => word !== "");
  const suffixes = (match?.[2] ?? "?").split("");
  const all = new Set<NodeUse>([
    ...words.map((word) => uses.get(word) ?? "later"),
    ...suffixes.map((suffix) => suffixUses[suffix] ?? "later"),
  ]);
  if (words.length === 0 || all.has("never")) return "never";
  return all.has("later") ? "later" : "now";
}
