import { ParleyError } from "@parley/core";
import { z } from "zod";

/** What a cluster costs, as far as the prices are known. */
export const Cost = z.object({
  /** Over all nodes. */
  gpus: z.number(),
  usd_per_hour: z.number().optional(),
  /** Over the hours asked about. */
  usd: z.number().optional(),
  hours: z.number().optional(),
  /** Where the numbers come from, or why there are none. */
  note: z.string(),
});
export type Cost = z.infer<typeof Cost>;

/** A cluster to be priced. */
export interface PricedCluster {
  readonly instance_type: string;
  readonly num_nodes: number;
  readonly hours?: number | undefined;
}

const pair = /^([A-Za-z0-9-]{1,64})=(\d+(?:\.\d+)?)$/;

/** Prices by GPU, from a record or from `H100=2.5,B200=4`. @throws `E_CONFIG_INVALID` */
export function parsePrices(given: string | Readonly<Record<string, number>>): ReadonlyMap<string, number> {
  if (typeof given !== "string") return checked(Object.entries(given));
  const pairs = given.split(",").map((text) => pair.exec(text.trim()));
  return checked(
    pairs.map((match) => (match === null ? ["", Number.NaN] : [match[1] ?? "", Number(match[2])])),
  );
}

function checked(pairs: readonly (readonly [string, number])[]): ReadonlyMap<string, number> {
  if (pairs.every(([gpu, price]) => gpu !== "" && Number.isFinite(price) && price >= 0)) {
    return new Map(pairs.map(([gpu, price]) => [gpu.toUpperCase(), price]));
  }
  throw new ParleyError(
    "E_CONFIG_INVALID",
    "TENSORPOOL_PRICES is a list of dollars per GPU and hour, such as H100=2.5,B200=4.",
  );
}

/** Number and kind of the GPUs of an instance type such as `8xH100`. */
function readInstanceType(type: string): { readonly count: number; readonly gpu: string } {
  const match = /^(\d{1,3})x([A-Za-z0-9-]{1,64})$/.exec(type);
  return { count: Number(match?.[1] ?? 0), gpu: (match?.[2] ?? type).toUpperCase() };
}

/** What a cluster costs. The engine has no list of prices, so they are the operator's. */
export function estimateCost(cluster: PricedCluster, prices: ReadonlyMap<string, number>): Cost {
  const { count, gpu } = readInstanceType(cluster.instance_type);
  const gpus = count * cluster.num_nodes;
  const price = prices.get(gpu);
  const { hours } = cluster;
  if (price === undefined) {
    const note = `No price is known for ${gpu}: see https://tensorpool.dev/pricing and set TENSORPOOL_PRICES.`;
    return { gpus, note, ...(hours === undefined ? {} : { hours }) };
  }
  const hourly = round(gpus * price);
  return {
    gpus,
    usd_per_hour: hourly,
    ...(hours === undefined ? {} : { hours, usd: round(gpus * price * hours) }),
    note: "From TENSORPOOL_PRICES; the engine may place a cluster in a dearer pool, and volumes cost extra.",
  };
}

/** A cost in words. */
export function sayCost({ gpus, usd_per_hour, usd, hours, note }: Cost): string {
  const size = `${String(gpus)} GPU${gpus === 1 ? "" : "s"}`;
  if (usd_per_hour === undefined) return `${size}; ${note}`;
  const total =
    usd === undefined ? "" : `, $${usd.toFixed(2)} over ${String(Number(hours?.toPrecision(3)))} h`;
  return `${size}, $${usd_per_hour.toFixed(2)} an hour${total}.`;
}

const round = (dollars: number): number => Math.round(dollars * 100) / 100;
