import type { BatchJob } from "../batch-job.ts";
import { sayableConstraints } from "../fields/constraints.ts";
import type { ConstraintRules } from "../fields/constraints.ts";
import { isOneHost } from "../fields/hosts.ts";
import type { Fields } from "../jobspec/json.ts";
import type { Pen } from "../writing.ts";
import { isLabelKey, isLabelValue, names } from "./names.ts";

const rules: ConstraintRules = { yes: /^true$/, values: "allowed" };

function selectorOf(job: BatchJob, pen: Pen): Fields {
  const labels = sayableConstraints(job, pen, rules).flatMap((each): [string, string][] => {
    const [key = "", value = "true"] = each.split("=");
    if (isLabelKey(key) && isLabelValue(value)) return [[key, value]];
    pen.lose("constraints", `${each} can be no label of a node.`);
    return [];
  });
  if (job.gpuType !== undefined && isLabelValue(job.gpuType)) {
    pen.approximate("gpuType", "The label is there where NVIDIA's feature discovery runs.");
    labels.push([names.gpuProduct, job.gpuType]);
  } else if (job.gpuType !== undefined) pen.lose("gpuType", "It can be no value of a label.");
  return labels.length === 0 ? {} : { nodeSelector: Object.fromEntries(labels) };
}

function hostTerm(job: BatchJob, pen: Pen, field: "nodelist" | "excludeNodes"): Fields[] {
  const hosts = job[field];
  if (hosts === undefined || hosts.length === 0) return [];
  if (!hosts.every(isOneHost)) {
    pen.lose(field, "Nodes are named one by one, without brackets.");
    return [];
  }
  return [{ key: names.host, operator: field === "nodelist" ? "In" : "NotIn", values: hosts }];
}

/** Which nodes the pods may be on, and that they keep apart. */
export function placement(
  job: BatchJob,
  pen: Pen,
  { apart, name }: { apart: boolean; name: string },
): Fields {
  const expressions = [...hostTerm(job, pen, "nodelist"), ...hostTerm(job, pen, "excludeNodes")];
  const affinity = {
    ...(expressions.length === 0
      ? {}
      : {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: expressions }],
            },
          },
        }),
    ...(apart
      ? {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: { matchLabels: { [names.job]: name } }, topologyKey: names.host },
            ],
          },
        }
      : {}),
  };
  return { ...selectorOf(job, pen), ...(Object.keys(affinity).length === 0 ? {} : { affinity }) };
}
