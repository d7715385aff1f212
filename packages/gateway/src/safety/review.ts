import { toParleyError } from "@parley/core";
import { definitionsOf, itemOf } from "../pins/definition.ts";
import type { Definition } from "../pins/definition.ts";
import type { PinStore, Verdict } from "../pins/pin-store.ts";
import { crossReferences } from "../scan/scan-definitions.ts";
import type { Finding } from "../scan/scan-definitions.ts";
import type { Catalogue } from "../upstream/catalogue.ts";
import type { Upstream } from "../upstream/upstream.ts";
import type { OnChange, OnFinding } from "../config/safety-config.ts";

/** Something that a server offers and that nobody gets. */
export interface Withheld {
  /** Such as `tool get_weather`. */
  readonly item: string;
  /** The name it would be served by. */
  readonly name: string;
  /** Why, and how to let it through. */
  readonly reason: string;
}

/** What is served of one state of a server, and what is not. */
export interface Review {
  readonly catalogue: Catalogue;
  readonly withheld: readonly Withheld[];
  readonly findings: readonly Finding[];
}

export interface ReviewOptions {
  readonly pins: PinStore;
  readonly onChange: OnChange;
  readonly scan: OnFinding;
  /** What the scan finds in definitions taken alone. */
  readonly scanned: (definitions: readonly Definition[]) => readonly Finding[];
  /** Names of tools of other servers. */
  readonly others: ReadonlySet<string>;
  /** The command that lets an item through. */
  readonly approval: (item: string) => string;
  readonly warn: (message: string) => void;
}

/** Compares what a server offers with its pins, and looks for hidden instructions in it; pins what is new. */
export function reviewOf({ server, offered, catalogue }: Upstream, options: ReviewOptions): Review {
  const { pins, onChange, scan } = options;
  const definitions = definitionsOf(offered);
  const findings =
    scan === "off"
      ? []
      : [...options.scanned(definitions), ...crossReferences(server.name, definitions, options.others)];
  const verdicts = pins.compare(server.name, definitions);
  const reasons = new Map<string, string>();
  for (const verdict of verdicts) {
    const reason = changeReason(verdict, options);
    if (reason !== undefined) reasons.set(itemOf(verdict.definition), reason);
  }
  for (const finding of findings) {
    const reason = findingReason(finding, verdicts, options);
    if (reason !== undefined && !reasons.has(finding.item)) reasons.set(finding.item, reason);
  }
  try {
    pinNew(server.name, verdicts, { pins, onChange });
  } catch (error) {
    // The server is served nevertheless: a full disk must not take it away.
    options.warn(toParleyError(error).message);
  }
  return { ...withhold(catalogue, reasons, (item) => options.approval(`${server.name}.${item}`)), findings };
}

function changeReason({ definition, state }: Verdict, { onChange, warn }: ReviewOptions): string | undefined {
  if (onChange === "allow" || state === "same" || state === "new") return undefined;
  const what =
    state === "added" ? "was added after the others were pinned" : "is not the one that was pinned";
  const reason = `the ${itemOf(definition)} ${what}`;
  if (onChange === "warn") warn(`${upper(reason)}.`);
  return onChange === "quarantine" ? reason : undefined;
}

function findingReason(
  finding: Finding,
  verdicts: readonly Verdict[],
  options: ReviewOptions,
): string | undefined {
  const { item, rule, where, excerpt } = finding;
  const known = verdicts.find(({ definition }) => itemOf(definition) === item);
  if (known?.state === "same" && known.pin?.accepted?.includes(rule) === true) return undefined;
  const reason = `the ${item} may hide instructions (${rule} in ${where}: ${excerpt})`;
  if (options.scan === "quarantine") return reason;
  options.warn(`${upper(reason)}.`);
  return undefined;
}

/** What was never seen is pinned; so is a change, where changes are let through anyway. */
function pinNew(
  server: string,
  verdicts: readonly Verdict[],
  { pins, onChange }: Pick<ReviewOptions, "pins" | "onChange">,
): void {
  const fresh = verdicts.filter(
    ({ state }) =>
      state === "new" ||
      (state === "added" && onChange !== "quarantine") ||
      (state === "changed" && onChange === "allow"),
  );
  if (fresh.length > 0)
    pins.pin(
      server,
      fresh.map(({ definition }) => definition),
    );
}

function withhold(
  catalogue: Catalogue,
  reasons: ReadonlyMap<string, string>,
  approval: (item: string) => string,
): Pick<Review, "catalogue" | "withheld"> {
  if (reasons.size === 0) return { catalogue, withheld: [] };
  const withheld: Withheld[] = [];
  const isOut = (definition: Pick<Definition, "kind" | "name">, name: string): boolean => {
    const item = itemOf(definition);
    const reason = reasons.get(item);
    if (reason === undefined) return false;
    const command = approval(definition.kind === "instructions" ? definition.kind : definition.name);
    withheld.push({ item, name, reason: `${upper(reason)}. Look at it, then approve it: ${command}` });
    return true;
  };
  const tools = [...catalogue.tools].filter(
    ([name, { original }]) => !isOut({ kind: "tool", name: original }, name),
  );
  const prompts = [...catalogue.prompts].filter(([name]) => !isOut({ kind: "prompt", name }, name));
  const { instructions, ...identity } = catalogue.identity;
  const isMute =
    instructions === undefined || isOut({ kind: "instructions", name: "instructions" }, "instructions");
  return {
    catalogue: {
      ...catalogue,
      identity: isMute ? identity : catalogue.identity,
      tools: new Map(tools),
      prompts: new Map(prompts),
    },
    withheld,
  };
}

function upper(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
