import { z } from "zod";
import { Confirm } from "../../arguments.ts";
import { operation } from "../../operation.ts";
import { Namespace, ResourceName, ResourceType } from "../arguments.ts";
import { inNamespace, kubectlCall, kubectlOf } from "../client.ts";
import { Labels } from "../job-manifest.ts";

/** Labels an object. */
export const kubectlLabel = operation({
  name: "kubectl_label",
  description:
    "Sets labels of an object. Replacing labels it has takes overwrite, and asks for confirm: true.",
  toolset: "kubernetes-write",
  effect: "destroy",
  idempotent: true,
  input: z.strictObject({
    resource_type: ResourceType,
    name: ResourceName,
    labels: Labels.refine((labels) => Object.keys(labels).length > 0, "holds no label").describe(
      'Labels to set, for example: {"team": "md"}',
    ),
    overwrite: z.boolean().default(false).describe("Replaces labels it has, for example: true"),
    namespace: Namespace,
    confirm: Confirm,
  }),
  output: z.object({ name: z.string(), labels: z.record(z.string(), z.string()) }),
  destroys: ({ overwrite, name, labels }) =>
    overwrite
      ? `would replace the labels ${Object.keys(labels).join(", ")} of ${name}: what selects by them then selects otherwise.`
      : undefined,
  async run({ resource_type, name, labels, overwrite, namespace }, call) {
    const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    const args = [
      "label",
      resource_type,
      name,
      ...pairs,
      ...(overwrite ? ["--overwrite"] : []),
      ...inNamespace(namespace),
    ];
    await kubectlOf(call).read(args, kubectlCall(call));
    return { name, labels };
  },
  say: ({ name, labels }) => `Labelled ${name}: ${Object.keys(labels).join(", ")}.`,
});
