import { ParleyError } from "@parley/core";
import type { Finding } from "../scan/scan-definitions.ts";
import { itemOf } from "./definition.ts";
import type { Definition } from "./definition.ts";
import type { PinStore, Verdict } from "./pin-store.ts";

/** What somebody has looked at and accepts. */
export interface Approval {
  readonly server: string;
  /** One tool or prompt of it, or `instructions`; everything it offers, when absent. */
  readonly name?: string | undefined;
  readonly definitions: readonly Definition[];
  /** What the scan says of them, which is accepted too. */
  readonly findings: readonly Finding[];
}

/**
 * Pins definitions as they are now, whatever they were and whatever the scan says of them.
 * @returns what was changed, with the pins of before
 * @throws `E_OBJECT_UNKNOWN` when the server offers nothing of that name
 */
export function approvePins(
  pins: PinStore,
  { server, name, definitions, findings }: Approval,
): readonly Verdict[] {
  const chosen = definitions.filter((definition) => name === undefined || definition.name === name);
  if (name !== undefined && chosen.length === 0) {
    throw new ParleyError(
      "E_OBJECT_UNKNOWN",
      `The server ${server} offers nothing named ${JSON.stringify(name)} now.`,
    );
  }
  const rulesOf = (definition: Definition): readonly string[] => [
    ...new Set(findings.filter(({ item }) => item === itemOf(definition)).map(({ rule }) => rule)),
  ];
  const changed = pins.compare(server, chosen).filter(({ definition, state, pin }) => {
    const accepted = pin?.accepted ?? [];
    return state !== "same" || rulesOf(definition).some((rule) => !accepted.includes(rule));
  });
  if (changed.length > 0)
    pins.pin(
      server,
      changed.map(({ definition }) => definition),
      rulesOf,
    );
  return changed;
}
