import { joined } from "@parley/core";
import type { Bench } from "./harness.ts";
import { quantile } from "./harness.ts";

type Fields = Readonly<Record<string, unknown>>;

const ways: Readonly<Record<string, (first: Fields, second: Fields) => object>> = {
  "a literal that begins with a spread": (first, { _meta }) => ({ ...first, _meta }),
  joined: (first, second) => joined(first, second),
};

/** Adding a property to a copy, as is done with the parameters of every call. */
export const joinedBench: Bench = {
  name: "joined",
  title: "A copy of a small object with one property more",
  async run({ short }) {
    const times = short ? 100_000 : 3_000_000;
    const found = Object.entries(ways).map(([name, way]) => {
      const rounds = Array.from({ length: 3 }, () => timeOf(way, times));
      return { name, ns: quantile(rounds, 0.5) };
    });
    const [literal, ours] = found.map(({ ns }) => ns);
    return [
      ...found.map(({ name, ns }) => ({ name, value: ns, unit: "ns" })),
      { name: "joined over the literal", value: (ours ?? Number.NaN) / (literal ?? Number.NaN), unit: "x" },
    ];
  },
};

/** Nanoseconds of one copy. */
function timeOf(way: (first: Fields, second: Fields) => object, times: number): number {
  let seen = 0;
  const startedAt = performance.now();
  for (let index = 0; index < times; index += 1) {
    const copy = way({ name: "echo", arguments: { index } }, { _meta: { progressToken: index } });
    if ("_meta" in copy) seen += 1;
  }
  const took = performance.now() - startedAt;
  if (seen !== times) throw new Error("A copy lacks its property.");
  return (took / times) * 1e6;
}
