import { isoTime } from "@parley/core";
import type { Clock } from "@parley/core";
import { fingerprint, itemOf } from "./definition.ts";
import type { Definition } from "./definition.ts";
import { readPins, writePins } from "./pin-file.ts";
import type { Pin, PinTable } from "./pin-file.ts";

/** How a definition stands to what was pinned. */
export interface Verdict {
  readonly definition: Definition;
  /** `added` by a server that had others pinned before; `new` with a server that was never seen. */
  readonly state: "same" | "new" | "added" | "changed";
  readonly pin?: Pin | undefined;
}

/** Definitions that were accepted, by server. */
export interface PinStore {
  /** Where they are kept; absent when only this process knows them. */
  readonly path?: string | undefined;
  /** Counts changes made by others, so that verdicts are found anew. */
  readonly version: number;
  readonly table: PinTable;
  /** Compares; changes nothing. */
  compare(server: string, definitions: readonly Definition[]): readonly Verdict[];
  /** What is pinned and not offered any more. */
  gone(server: string, definitions: readonly Definition[]): readonly string[];
  /**
   * Pins definitions as they are now.
   * @param accepted - rules of the scan that are accepted with an item
   * @throws `E_FILE_IO` when they cannot be written; this process knows them nevertheless
   */
  pin(server: string, definitions: readonly Definition[], accepted?: Accepted): void;
  /** Reads the file anew. @returns whether it holds something else now */
  refresh(): boolean;
}

type Accepted = (definition: Definition) => readonly string[];

/** @throws `E_CONFIG_INVALID` for a file that holds no pins */
export function createPinStore({
  path,
  clock,
}: {
  readonly path?: string | undefined;
  readonly clock: Clock;
}): PinStore {
  const held: { table: PinTable; version: number } = {
    table: path === undefined ? new Map() : readPins(path),
    version: 0,
  };
  const none: ReadonlyMap<string, Pin> = new Map();
  const pinsOf = (server: string): ReadonlyMap<string, Pin> => held.table.get(server) ?? none;
  const refresh = (): boolean => {
    if (path === undefined) return false;
    const found = readPins(path);
    if (shown(found) === shown(held.table)) return false;
    held.table = found;
    held.version += 1;
    return true;
  };
  return {
    path,
    get version() {
      return held.version;
    },
    get table() {
      return held.table;
    },
    compare(server, definitions) {
      const pins = pinsOf(server);
      return definitions.map((definition): Verdict => {
        const pin = pins.get(itemOf(definition));
        if (pin === undefined) return { definition, state: pins.size === 0 ? "new" : "added" };
        return { definition, pin, state: pin.hash === fingerprint(definition.value) ? "same" : "changed" };
      });
    },
    gone(server, definitions) {
      const there = new Set(definitions.map(itemOf));
      return [...pinsOf(server).keys()].filter((item) => !there.has(item));
    },
    pin(server, definitions, accepted = () => []) {
      // Another process may have approved something since; nothing of its is lost.
      refresh();
      const at = isoTime(clock.now());
      const pins = new Map(pinsOf(server));
      for (const definition of definitions) {
        const rules = accepted(definition);
        pins.set(itemOf(definition), {
          hash: fingerprint(definition.value),
          at,
          definition: definition.value,
          ...(rules.length === 0 ? {} : { accepted: [...rules] }),
        });
      }
      const next = new Map(held.table).set(server, pins);
      held.table = next;
      if (path !== undefined) writePins(path, next);
    },
    refresh,
  };
}

function shown(table: PinTable): string {
  return JSON.stringify(Array.from(table, ([server, pins]) => [server, [...pins]]));
}
