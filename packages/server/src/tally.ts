import { Counter } from "prom-client";
import type { Registry } from "prom-client";

interface TallyOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly register: Registry;
}

/** What was counted under one value of a label: the number, or what was counted by the next label. */
interface Count {
  times: number;
  readonly by: Map<string, Count>;
}

/**
 * A counter of prom-client that costs a call next to nothing: it looks its series up by the values of the labels alone, and
 * the counter is told when somebody asks. Whoever counts keeps the number of values bounded.
 */
export class Tally {
  readonly #root: Count = { times: 0, by: new Map() };

  constructor({ name, help, labelNames, register }: TallyOptions) {
    const root = this.#root;
    register.registerMetric(
      new Counter({
        name,
        help,
        labelNames,
        registers: [],
        collect() {
          this.reset();
          for (const { labels, times } of seriesOf(root, labelNames)) this.inc(labels, times);
        },
      }),
    );
  }

  /** @param values - of the labels, in their order */
  add(...values: readonly string[]): void {
    let count = this.#root;
    for (const value of values) {
      let next = count.by.get(value);
      if (next === undefined) {
        next = { times: 0, by: new Map() };
        count.by.set(value, next);
      }
      count = next;
    }
    count.times += 1;
  }
}

interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly times: number;
}

function* seriesOf({ times, by }: Count, [label, ...others]: readonly string[]): Generator<Series> {
  if (label === undefined) yield { labels: {}, times };
  else
    for (const [value, next] of by)
      for (const { labels, ...rest } of seriesOf(next, others))
        yield { ...rest, labels: { [label]: value, ...labels } };
}
