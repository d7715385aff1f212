import { z } from "zod";
import { operation } from "../../operation.ts";
import { TextAnswer, readText, sayText } from "../text-answer.ts";

/** Lists the API versions. */
export const kubectlApiVersions = operation({
  name: "kubectl_api_versions",
  description: "Lists the API versions the cluster serves.",
  toolset: "kubernetes-cluster",
  effect: "read",
  input: z.strictObject({}),
  output: TextAnswer,
  run: (_args, call) => readText(call, ["api-versions"]),
  say: sayText,
});
