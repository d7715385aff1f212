import type { Deadline } from "../_deadline.ts";
import { readIfAnswered } from "../_workload-failure.ts";
import { withoutUndefined } from "../_without-undefined.ts";
import type { SlurmClient } from "./client.ts";
import type { GpuCount } from "./gres.ts";
import { parseKeyValues, present, wholeNumber } from "./key-values.ts";
import type { NodeUse } from "./node-state.ts";
import { parseGpusInUse, parseNodes } from "./nodes.ts";
import { requireController } from "./workload.ts";

/** A node of the cluster. */
export interface SlurmNodeDetails {
  readonly name: string;
  readonly partitions: readonly string[];
  /** As Slurm writes it, such as `IDLE+DRAIN`. */
  readonly state: string;
  /** Whether it can run jobs now, later without anybody's help, or never. */
  readonly use: NodeUse;
  /** Why it is drained or down, in its administrator's words. */
  readonly reason?: string | undefined;
  readonly cores: number;
  readonly allocatedCores: number;
  readonly load?: number | undefined;
  readonly memoryBytes?: number | undefined;
  readonly allocatedMemoryBytes?: number | undefined;
  readonly freeMemoryBytes?: number | undefined;
  readonly gpus: readonly GpuCount[];
  readonly gpusInUse?: number | undefined;
  readonly features: readonly string[];
  readonly arch?: string | undefined;
}

const mebibytes = (text: string | undefined): number | undefined => {
  const count = wholeNumber(text);
  return count === undefined ? undefined : count * 2 ** 20;
};

/** Reads `scontrol -o show node`, with the GPUs in use by node. */
function parseNodeDetails(
  stdout: string,
  gpusInUse: ReadonlyMap<string, number> | undefined,
): SlurmNodeDetails[] {
  const lines = new Map(
    stdout.split("\n").map((line) => {
      const values = parseKeyValues(line);
      return [values.get("NodeName") ?? "", values] as const;
    }),
  );
  return parseNodes(stdout).map((node) => {
    const values = lines.get(node.name);
    const load = Number.parseFloat(values?.get("CPULoad") ?? "");
    return withoutUndefined<SlurmNodeDetails>({
      ...node,
      state: values?.get("State") ?? "",
      reason: present(values?.get("Reason")),
      load: Number.isFinite(load) ? load : undefined,
      allocatedMemoryBytes: mebibytes(values?.get("AllocMem")),
      freeMemoryBytes: mebibytes(values?.get("FreeMem")),
      gpusInUse: gpusInUse?.get(node.name),
    });
  });
}

/** All nodes. @throws ParleyError `E_ENGINE_*` */
export async function readNodeDetails(client: SlurmClient, deadline: Deadline): Promise<SlurmNodeDetails[]> {
  await requireController(client, deadline);
  const [nodes, inUse] = await Promise.all([
    client.read("scontrol", ["-o", "show", "node"], deadline),
    readIfAnswered(
      client.read("sinfo", ["-h", "-N", "-O", "NodeList:|,GresUsed:|"], deadline),
      parseGpusInUse,
    ),
  ]);
  return parseNodeDetails(nodes, inUse);
}
