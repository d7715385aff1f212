import { ParleyError } from "@parley/core";
import { z } from "zod";
import { Confirm } from "../../arguments.ts";
import { operation } from "../../operation.ts";
import { LabelSelector, Namespace, ResourceName, ResourceType } from "../arguments.ts";
import { inNamespace, kubectlCall, kubectlOf } from "../client.ts";
import { textAt } from "../../records.ts";
import { objectsOf } from "../summaries.ts";

/** Deletes objects. */
export const kubectlDelete = operation({
  name: "kubectl_delete",
  description:
    "Deletes an object by name, or those with some labels, with what belongs to them. Asks for confirm: true.",
  toolset: "kubernetes-write",
  effect: "destroy",
  input: z.strictObject({
    resource_type: ResourceType,
    name: ResourceName.optional(),
    label_selector: LabelSelector,
    namespace: Namespace,
    wait: z.boolean().default(false).describe("Waits until they are gone, for example: true"),
    confirm: Confirm,
  }),
  output: z.object({ deleted: z.array(z.string()) }),
  destroys: ({ resource_type, name, label_selector, namespace }) =>
    `would delete ${resource_type} ${name ?? `with the labels ${String(label_selector)}`} in ${namespace ?? "the context's namespace"}, and their pods.`,
  async run({ resource_type, name, label_selector, namespace, wait }, call) {
    if ((name === undefined) === (label_selector === undefined)) {
      throw new ParleyError("E_ARGUMENT_INVALID", "Give either name or label_selector.");
    }
    const kubectl = kubectlOf(call);
    const which = name === undefined ? [`--selector=${String(label_selector)}`] : [name];
    const found = objectsOf(
      await kubectl.json(["get", resource_type, ...which, ...inNamespace(namespace)], kubectlCall(call)),
    );
    const names = found.flatMap((object) => textAt(object, "metadata", "name") ?? []);
    if (names.length === 0)
      throw new ParleyError(
        "E_OBJECT_UNKNOWN",
        `There is no ${resource_type} with the labels ${String(label_selector)}.`,
      );
    await kubectl.read(
      [
        "delete",
        resource_type,
        ...names,
        ...inNamespace(namespace),
        "--cascade=background",
        `--wait=${String(wait)}`,
        "--output=name",
      ],
      kubectlCall(call, { timeoutMs: wait ? 300_000 : call.timeoutMs }),
    );
    return { deleted: names };
  },
  say: ({ deleted }) => `Deleted ${deleted.join(", ")}.`,
});
