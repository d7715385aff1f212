import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { InFlight, InFlightById } from "@parley/core";
import type { Bench } from "./harness.ts";
import { quantile } from "./harness.ts";

/** Calls that run at once, and objects that each holds. */
const atOnce = 32;
const held = 50;

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** Ways to remember what runs: each takes a call in, and gives what takes it out. */
const ways: Readonly<Record<string, () => (call: object, id: number) => () => void>> = {
  Set: () => {
    const calls = new Set<object>();
    return (call) => {
      calls.add(call);
      return () => void calls.delete(call);
    };
  },
  Map: () => {
    const calls = new Map<number, object>();
    return (call, id) => {
      calls.set(id, call);
      return () => void calls.delete(id);
    };
  },
  InFlight: () => {
    const calls = new InFlight<object>();
    return (call) => calls.add(call);
  },
  InFlightById: () => {
    const calls = new InFlightById<object>();
    return (call, id) => {
      calls.set(id, call);
      return () => void calls.delete(id);
    };
  },
};

/** Time of one call that comes and goes while others run, and that holds what a call holds. */
export const inFlightBench: Bench = {
  name: "in-flight",
  title: `Remembering what runs: ${atOnce} calls at once, ${held} small objects in each`,
  async run({ short }) {
    const calls = short ? 20_000 : 300_000;
    const times = Object.entries(ways).map(([name, way]) => {
      const rounds = Array.from({ length: 3 }, () => timeOf(way(), calls));
      return { name, us: quantile(rounds, 0.5) };
    });
    const of = (wanted: string): number => times.find(({ name }) => name === wanted)?.us ?? Number.NaN;
    return [
      ...times.map(({ name, us }) => ({ name: `${name}, one call`, value: us, unit: "us" })),
      { name: "InFlight over Set", value: of("InFlight") / of("Set"), unit: "x", target: { atMost: 0.5 } },
      {
        name: "InFlightById over Map",
        value: of("InFlightById") / of("Map"),
        unit: "x",
        target: { atMost: 0.5 },
      },
    ];
  },
};

/** Microseconds of one call. */
function timeOf(enter: (call: object, id: number) => () => void, calls: number): number {
  const running: (() => void)[] = [];
  let id = 0;
  const begin = (): void => {
    id += 1;
    const call = Array.from({ length: held }, (_, index) => ({ index, more: { index } }));
    running.push(enter(call, id));
  };
  for (let index = 0; index < atOnce; index += 1) begin();
  // What holds them is old by then, as in a server that has had nothing to do for a moment.
  collect();
  collect();
  const startedAt = performance.now();
  for (let index = 0; index < calls; index += 1) {
    running.shift()?.();
    begin();
  }
  return ((performance.now() - startedAt) / calls) * 1000;
}
