import { ParleyError } from "@parley/core";
import { z } from "zod";
import { Confirm } from "../../arguments.ts";
import { operation } from "../../operation.ts";
import { Namespace, ResourceName, ResourceType } from "../arguments.ts";
import { inNamespace, kubectlCall, kubectlOf } from "../client.ts";
import { numberAt } from "../../records.ts";

/** Scales a workload. */
export const kubectlScale = operation({
  name: "kubectl_scale",
  description:
    "Sets how many pods a deployment, stateful set or replica set has. Fewer than now asks for confirm: true.",
  toolset: "kubernetes-write",
  effect: "destroy",
  idempotent: true,
  input: z.strictObject({
    resource_type: ResourceType.default("deployment"),
    name: ResourceName,
    replicas: z.number().int().min(0).max(10_000).describe("Pods, for example: 3"),
    namespace: Namespace,
    confirm: Confirm,
  }),
  output: z.object({ name: z.string(), before: z.number().int(), after: z.number().int() }),
  async run({ resource_type, name, replicas, namespace, confirm }, call) {
    const kubectl = kubectlOf(call);
    const object = await kubectl.json(
      ["get", resource_type, name, ...inNamespace(namespace)],
      kubectlCall(call),
    );
    const before = numberAt(object, "spec", "replicas");
    if (before === undefined)
      throw new ParleyError("E_ARGUMENT_INVALID", `A ${resource_type} has no number of replicas.`);
    if (replicas < before && !confirm) {
      throw new ParleyError(
        "E_CONFIRM_REQUIRED",
        `Nothing was done. kubectl_scale would end ${String(before - replicas)} of the ${String(before)} pods of ${name}. Call it again with confirm: true to go on.`,
      );
    }
    // Somebody else's change since it was read is not overwritten.
    const guard = `--current-replicas=${String(before)}`;
    const args = [
      "scale",
      `${resource_type}/${name}`,
      `--replicas=${String(replicas)}`,
      guard,
      ...inNamespace(namespace),
    ];
    await kubectl.read(args, kubectlCall(call));
    return { name, before, after: replicas };
  },
  say: ({ name, before, after }) => `${name} has ${String(after)} replicas instead of ${String(before)}.`,
});
