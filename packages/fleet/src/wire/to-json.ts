import type { Json } from "@parley/databases";

/** A record as the store takes it. Its unknown parts came in as JSON; the driver refuses anything else. */
export function toJson(value: object): Json {
  return value as Json;
}
