import { redact } from "@parley/exec";
import { z } from "zod";
import { operation } from "../../operation.ts";
import { Namespace, ResourceName, ResourceType, Verbose } from "../arguments.ts";
import { inNamespace, kubectlCall, kubectlOf } from "../client.ts";

const maxLines = 50;
const maxCharacters = 100_000;

/** Describes an object. */
export const kubectlDescribe = operation({
  name: "kubectl_describe",
  description: "Describes an object with its events, as kubectl does; the first 50 lines unless verbose.",
  toolset: "kubernetes",
  effect: "read",
  input: z.strictObject({
    resource_type: ResourceType,
    name: ResourceName,
    namespace: Namespace,
    verbose: Verbose,
  }),
  output: z.object({ text: z.string(), truncated: z.boolean() }),
  async run({ resource_type, name, namespace, verbose }, call) {
    const args = ["describe", resource_type, name, ...inNamespace(namespace)];
    const text = redact(await kubectlOf(call).read(args, kubectlCall(call)));
    const shown = (verbose ? text : text.split("\n").slice(0, maxLines).join("\n")).slice(0, maxCharacters);
    return { text: shown, truncated: shown.length < text.trimEnd().length };
  },
  say: ({ text, truncated }) => (truncated ? `${text}\n(more with verbose: true)` : text),
});
