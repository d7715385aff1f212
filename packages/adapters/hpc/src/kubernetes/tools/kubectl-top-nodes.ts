import { z } from "zod";
import { operation } from "../../operation.ts";
import { TextAnswer, readText, sayText } from "../text-answer.ts";

/** Says what nodes use. */
export const kubectlTopNodes = operation({
  name: "kubectl_top_nodes",
  description: "Says how much CPU and memory the nodes use; needs the cluster's metrics server.",
  toolset: "kubernetes-cluster",
  effect: "read",
  input: z.strictObject({}),
  output: TextAnswer,
  run: (_args, call) => readText(call, ["top", "nodes"]),
  say: sayText,
});
