import { renderTable } from "@parley/cli/table";
import { machine, meets } from "./harness.ts";
import type { Bench, Figure } from "./harness.ts";

/** Benchmarks by name, loaded when asked for. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  parser: async () => (await import("./parser.ts")).parserBench,
  selection: async () => (await import("./selection.ts")).selectionBench,
  server: async () => (await import("./server.ts")).serverBench,
  queue: async () => (await import("./queue.ts")).queueBench,
  fleet: async () => (await import("./fleet.ts")).fleetBench,
  "tool-search": async () => (await import("./tool-search.ts")).toolSearchBench,
  start: async () => (await import("./start.ts")).startBench,
  "in-flight": async () => (await import("./in-flight.ts")).inFlightBench,
  joined: async () => (await import("./joined.ts")).joinedBench,
  gateway: async () => (await import("./gateway.ts")).gatewayBench,
};

const words = process.argv.slice(2);
const flags = new Set(words.filter((word) => word.startsWith("--")));
const names = words.filter((word) => !word.startsWith("--"));
const wanted = names.includes("all") ? Object.keys(benches) : names;
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name));
if (wanted.length === 0 || unknown.length > 0) {
  const problem = unknown.length > 0 ? `No benchmark ${unknown.join(", ")}. ` : "";
  console.error(
    `${problem}Usage: pnpm bench <${Object.keys(benches).join("|")}|all> [--check] [--short] [--json]`,
  );
  process.exit(2);
}

let missed = 0;
for (const name of wanted) {
  const bench = await benches[name]?.();
  if (!bench) continue;
  const where = machine();
  const figures = await bench.run({ short: flags.has("--short") });
  missed += figures.filter((figure) => !meets(figure)).length;
  const record = {
    bench: name,
    title: bench.title,
    machine: where,
    at: new Date().toISOString(),
    figures,
  };
  if (!flags.has("--json")) console.log(`\n${bench.title}\n${where}\n${table(figures)}`);
  console.log(JSON.stringify(record));
}
process.exit(flags.has("--check") && missed > 0 ? 1 : 0);

function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { name, value, unit, target } = figure;
    const bound = target ? ("atMost" in target ? `<= ${target.atMost}` : `>= ${target.atLeast}`) : "";
    return [
      name,
      `${Number(value.toPrecision(4))} ${unit}`,
      bound,
      target ? (meets(figure) ? "ok" : "MISSED") : "",
    ];
  });
  return renderTable({ head: ["figure", "value", "target", ""], rows });
}
