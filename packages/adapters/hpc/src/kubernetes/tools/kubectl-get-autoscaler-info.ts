import { ParleyError } from "@parley/core";
import { z } from "zod";
import type { Call } from "../../call.ts";
import { operation } from "../../operation.ts";
import { kubectlCall, kubectlOf } from "../client.ts";
import { showable } from "../hide-secrets.ts";
import { recordAt, textAt } from "../../records.ts";
import { objectsOf } from "../summaries.ts";

const Pool = z.object({
  scaler: z.enum(["karpenter", "cluster-autoscaler", "cluster-api"]),
  name: z.string(),
  details: z.record(z.string(), z.unknown()),
});

/** Says how the cluster grows. */
export const kubectlGetAutoscalerInfo = operation({
  name: "kubectl_get_autoscaler_info",
  description:
    "Says whether the cluster adds nodes by itself and from which pools: Karpenter, the cluster autoscaler, Cluster API.",
  toolset: "kubernetes-cluster",
  effect: "read",
  input: z.strictObject({}),
  output: z.object({ pools: z.array(Pool), notes: z.array(z.string()) }),
  async run(_args, call) {
    const notes: string[] = [];
    const found = await Promise.all(sources.map((source) => readSource(call, source, notes)));
    return { pools: found.flat(), notes };
  },
  say: ({ pools, notes }) =>
    [
      ...(pools.length === 0 ? ["No autoscaler is known here: waiting does not bring nodes."] : []),
      ...pools.map(
        ({ scaler, name, details }) => `${scaler}  ${name}  ${JSON.stringify(details).slice(0, 1000)}`,
      ),
      ...notes,
    ].join("\n"),
});

interface Source {
  readonly scaler: z.infer<typeof Pool>["scaler"];
  readonly args: readonly string[];
  readonly details: (object: unknown) => Readonly<Record<string, unknown>>;
}

const sources: readonly Source[] = [
  {
    scaler: "karpenter",
    args: ["get", "nodepools.karpenter.sh"],
    details: (object) => ({
      limits: recordAt(object, "spec", "limits"),
      in_use: recordAt(object, "status", "resources"),
    }),
  },
  {
    scaler: "cluster-autoscaler",
    args: ["get", "configmap", "cluster-autoscaler-status", "--namespace=kube-system", "--ignore-not-found"],
    details: (object) => ({ status: (textAt(object, "data", "status") ?? "").slice(0, 4000) }),
  },
  {
    scaler: "cluster-api",
    args: ["get", "machinedeployments.cluster.x-k8s.io", "--all-namespaces"],
    details: (object) => ({
      replicas: recordAt(object, "spec")["replicas"],
      annotations: recordAt(object, "metadata", "annotations"),
    }),
  },
];

async function readSource(
  call: Call,
  { scaler, args, details }: Source,
  notes: string[],
): Promise<z.infer<typeof Pool>[]> {
  const result = await kubectlOf(call)
    .read([...args, "--output=json"], kubectlCall(call))
    .catch((error: unknown) => absence(error, scaler, notes));
  if (result.trim() === "") return [];
  return objectsOf(JSON.parse(result)).map((object) => ({
    scaler,
    name: textAt(object, "metadata", "name") ?? "",
    details: { ...recordAt(showable(details(object))) },
  }));
}

/** A scaler that is not there is no fault; one that may not be read is worth a note. */
function absence(error: unknown, scaler: string, notes: string[]): string {
  if (!ParleyError.isInstance(error)) throw error;
  if (error.code === "E_OBJECT_UNKNOWN") return "";
  if (error.code !== "E_ENGINE_FORBIDDEN") throw error;
  notes.push(`${scaler}: ${error.message}`);
  return "";
}
