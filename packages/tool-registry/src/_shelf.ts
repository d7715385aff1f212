import { ParleyError } from "@parley/core";

interface ShelfOptions<Item> {
  /** `tool`, `prompt`, `resource`: for messages. */
  readonly kind: string;
  key(item: Item): string;
  origin(item: Item): string | undefined;
  problem(item: Item): string | undefined;
  list(item: Item): unknown;
}

/** One kind of item by key, each owned by an origin; a sorted list is kept until something changes. */
export interface Shelf<Item> {
  get(key: string): Item | undefined;
  readonly sorted: readonly Item[];
  /** Checks a replacement and returns the step that makes it: nothing changes when any item is refused. */
  prepare(origin: string, items: readonly Item[]): () => boolean;
  add(item: Item): void;
  remove(origin: string): boolean;
}

const nobody = "this program";

export function createShelf<Item>(options: ShelfOptions<Item>): Shelf<Item> {
  const owned = new Map<string, { readonly item: Item; readonly origin: string }>();
  /** Keys by origin, so that replacing one origin costs nothing for the others' items. */
  const keys = new Map<string, Set<string>>();
  let sorted: readonly Item[] | undefined;

  /** @param taken - says what already has a key */
  const check = (item: Item, owner: string, taken: (key: string) => string | undefined): string => {
    const key = options.key(item);
    const origin = options.origin(item) ?? owner;
    const problem = options.problem(item);
    if (problem !== undefined) {
      throw new ParleyError(
        "E_TOOL_INVALID",
        `The ${options.kind} "${key}" of ${origin} cannot be served: ${problem}.`,
      );
    }
    const holder = taken(key);
    if (holder !== undefined) {
      throw new ParleyError(
        "E_TOOL_DUPLICATE",
        `Two ${options.kind}s are named "${key}": one of ${holder}, one of ${origin}. Rename one, or give its adapter a prefix.`,
      );
    }
    return key;
  };
  const nameOf = (held: { readonly item: Item; readonly origin: string }): string =>
    options.origin(held.item) ?? held.origin;
  const own = (key: string, item: Item, origin: string): void => {
    owned.set(key, { item, origin });
    keys.set(origin, (keys.get(origin) ?? new Set()).add(key));
  };
  const disown = (origin: string): void => {
    for (const key of keys.get(origin) ?? []) owned.delete(key);
    keys.delete(origin);
  };
  const listed = (items: Iterable<Item>): string =>
    JSON.stringify(
      [...items].map((item) => [options.key(item), options.list(item)] as const).toSorted(byFirst),
    );

  return {
    get: (key) => owned.get(key)?.item,
    get sorted() {
      sorted ??= [...owned].toSorted(byFirst).map(([, entry]) => entry.item);
      return sorted;
    },
    prepare(origin, items) {
      const next = new Map<string, Item>();
      const taken = (key: string): string | undefined => {
        const twin = next.get(key);
        if (twin !== undefined) return options.origin(twin) ?? origin;
        const holder = owned.get(key);
        return holder === undefined || holder.origin === origin ? undefined : nameOf(holder);
      };
      for (const item of items) next.set(check(item, origin, taken), item);
      return () => {
        const gone = [...(keys.get(origin) ?? [])];
        const before = listed(gone.flatMap((key) => owned.get(key)?.item ?? []));
        disown(origin);
        for (const [key, item] of next) own(key, item, origin);
        sorted = undefined;
        return before !== listed(next.values());
      };
    },
    add(item) {
      const origin = options.origin(item) ?? nobody;
      const key = check(item, origin, (known) => {
        const holder = owned.get(known);
        return holder === undefined ? undefined : nameOf(holder);
      });
      own(key, item, origin);
      sorted = undefined;
    },
    remove(origin) {
      if (!keys.has(origin)) return false;
      disown(origin);
      sorted = undefined;
      return true;
    },
  };
}

function byFirst(left: readonly [string, unknown], right: readonly [string, unknown]): number {
  if (left[0] === right[0]) return 0;
  return left[0] < right[0] ? -1 : 1;
}
