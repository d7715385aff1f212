import type { Partition } from "@parley/core";
import { withoutUndefined } from "../_without-undefined.ts";
import { parseKeyValues, wholeNumber } from "./key-values.ts";
import { parseSlurmSeconds } from "./walltime.ts";

/** Reads `scontrol -o show partition`. Only a partition in state UP starts jobs. */
export function parsePartitions(stdout: string): Partition[] {
  return stdout.split("\n").flatMap((line): Partition[] => {
    const values = parseKeyValues(line);
    const name = values.get("PartitionName");
    if (name === undefined || name === "") return [];
    return [
      withoutUndefined({
        name,
        isDefault: values.get("Default") === "YES",
        up: values.get("State") === "UP",
        maxWalltimeSeconds: parseSlurmSeconds(values.get("MaxTime") ?? ""),
        defaultWalltimeSeconds: parseSlurmSeconds(values.get("DefaultTime") ?? ""),
        maxNodesPerJob: wholeNumber(values.get("MaxNodes")),
        minNodesPerJob: wholeNumber(values.get("MinNodes")) || undefined,
      }),
    ];
  });
}
