import { z } from "zod";
import { operation } from "../../operation.ts";
import { LabelSelector, NamespaceOrAll } from "../arguments.ts";
import { inNamespace } from "../client.ts";
import { TextAnswer, readText, sayText } from "../text-answer.ts";

/** Says what pods use. */
export const kubectlTopPods = operation({
  name: "kubectl_top_pods",
  description: "Says how much CPU and memory pods use; needs the cluster's metrics server.",
  toolset: "kubernetes-cluster",
  effect: "read",
  input: z.strictObject({ namespace: NamespaceOrAll, label_selector: LabelSelector }),
  output: TextAnswer,
  run: ({ namespace, label_selector }, call) =>
    readText(call, [
      "top",
      "pods",
      ...inNamespace(namespace),
      ...(label_selector === undefined ? [] : [`--selector=${label_selector}`]),
    ]),
  say: sayText,
});
