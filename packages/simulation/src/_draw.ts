import { seededRandom } from "@parley/core";

/** One named stream of choices. Every purpose has its own, so that a new purpose changes no other. */
export interface Draw {
  /** In [0, 1). */
  unit(): number;
  chance(probability: number): boolean;
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  /** About normal, cut to [0.01, 1]. */
  share(mean: number, deviation: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** `count` different items in the order of the list. */
  sample<Item>(items: readonly Item[], count: number): Item[];
}

export function createDraw(workerId: string, purpose: string): Draw {
  const unit = seededRandom(workerId, purpose);
  const integer = (min: number, max: number): number => min + Math.floor(unit() * (max - min + 1));
  return {
    unit,
    integer,
    chance: (probability) => unit() < probability,
    share: (mean, deviation) => {
      // Twelve uniforms have variance one; sums are exact on every machine, logarithms and cosines are not.
      let sum = -6;
      for (let round = 0; round < 12; round += 1) sum += unit();
      return Math.min(1, Math.max(0.01, mean + deviation * sum));
    },
    pick: (items) => items[integer(0, items.length - 1)] ?? items[0],
    sample: (items, count) => {
      const ranked = items.map((item, index) => ({ item, index, key: unit() }));
      const kept = ranked.toSorted((left, right) => left.key - right.key).slice(0, count);
      return kept.toSorted((left, right) => left.index - right.index).map(({ item }) => item);
    },
  };
}
