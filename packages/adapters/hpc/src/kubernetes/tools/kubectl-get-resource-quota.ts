import { z } from "zod";
import { operation } from "../../operation.ts";
import { NamespaceOrAll } from "../arguments.ts";
import { inNamespace, kubectlCall, kubectlOf } from "../client.ts";
import { recordAt, textAt } from "../../records.ts";
import { objectsOf } from "../summaries.ts";

/** Says what a namespace may use. */
export const kubectlGetResourceQuota = operation({
  name: "kubectl_get_resource_quota",
  description: "Says what a namespace may use by its quotas, and what of that is in use.",
  toolset: "kubernetes-cluster",
  effect: "read",
  input: z.strictObject({ namespace: NamespaceOrAll }),
  output: z.object({
    quotas: z.array(
      z.object({
        name: z.string(),
        namespace: z.string(),
        resources: z.array(z.object({ resource: z.string(), used: z.string(), limit: z.string() })),
      }),
    ),
  }),
  async run({ namespace }, call) {
    const answer = await kubectlOf(call).json(
      ["get", "resourcequotas", ...inNamespace(namespace)],
      kubectlCall(call),
    );
    return {
      quotas: objectsOf(answer).map((object) => {
        const used = recordAt(object, "status", "used");
        const limits = { ...recordAt(object, "spec", "hard"), ...recordAt(object, "status", "hard") };
        return {
          name: textAt(object, "metadata", "name") ?? "",
          namespace: textAt(object, "metadata", "namespace") ?? "",
          resources: Object.entries(limits).map(([resource, limit]) => ({
            resource,
            used: textAt(used, resource) ?? "0",
            limit: String(limit),
          })),
        };
      }),
    };
  },
  say: ({ quotas }) =>
    quotas.length === 0
      ? "No quota limits this."
      : quotas
          .map(
            ({ name, namespace, resources }) =>
              `${namespace}/${name}: ${resources.map(({ resource, used, limit }) => `${resource} ${used} of ${limit}`).join(", ")}`,
          )
          .join("\n"),
});
