import { z } from "zod";
import { operation } from "../../operation.ts";
import { TextAnswer, readText, sayText } from "../text-answer.ts";

/** Lists the kinds of objects. */
export const kubectlApiResources = operation({
  name: "kubectl_api_resources",
  description: "Lists the kinds of objects the cluster knows, with short names and API versions.",
  toolset: "kubernetes-cluster",
  effect: "read",
  input: z.strictObject({
    namespaced: z
      .boolean()
      .optional()
      .describe("Only kinds within namespaces, or only others; for example: true"),
  }),
  output: TextAnswer,
  run: ({ namespaced }, call) =>
    readText(call, [
      "api-resources",
      ...(namespaced === undefined ? [] : [`--namespaced=${String(namespaced)}`]),
    ]),
  say: sayText,
});
