import { z } from "zod";
import { operation } from "../../operation.ts";
import { kubectlCall, kubectlOf } from "../client.ts";

/** Says which cluster is spoken to. */
export const kubectlGetCurrentContext = operation({
  name: "kubectl_get_current_context",
  description:
    "Says which context, namespace and cluster the Kubernetes tools speak to, and which others there are.",
  toolset: "kubernetes",
  effect: "read",
  input: z.strictObject({}),
  output: z.object({
    context: z.string(),
    namespace: z.string(),
    contexts: z.array(z.string()),
    /** Absent where the API does not answer. */
    server_version: z.string().optional(),
  }),
  async run(_args, call) {
    const kubectl = kubectlOf(call);
    const read = async (args: readonly string[]): Promise<string> =>
      (await kubectl.read(args, kubectlCall(call))).trim();
    const chosen = call.options.kubeContext ?? call.env["HPC_KUBE_CONTEXT"];
    const context = chosen ?? (await read(["config", "current-context"]));
    const contexts = (await read(["config", "get-contexts", "--output=name"]))
      .split("\n")
      .filter((name) => name !== "");
    const namespace = await read(["config", "view", "--minify", "--output=jsonpath={..namespace}"]);
    const version = await kubectl.run(["version", "--output=json"], kubectlCall(call));
    const found = version.ok
      ? /"serverVersion":\s*\{[^}]*"gitVersion":\s*"([^"]+)"/.exec(version.stdout)?.[1]
      : undefined;
    return {
      context,
      namespace: namespace === "" ? "default" : namespace,
      contexts,
      ...(found === undefined ? {} : { server_version: found }),
    };
  },
  say: ({ context, namespace, contexts, server_version }) =>
    [
      `Context ${context}, namespace ${namespace}, ${server_version === undefined ? "whose API does not answer" : `Kubernetes ${server_version}`}.`,
      `There are: ${contexts.join(", ")}.`,
    ].join("\n"),
});
