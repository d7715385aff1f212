import { z } from "zod";
import { operation } from "../../operation.ts";
import { kubectlCall, kubectlOf } from "../client.ts";
import { listAt, textAt, valueAt } from "../../records.ts";
import { objectsOf } from "../summaries.ts";

/** Lists custom kinds. */
export const kubectlCrds = operation({
  name: "kubectl_crds",
  description:
    "Lists the kinds of objects that operators have added to the cluster, such as those of Kueue, Volcano or Flux.",
  toolset: "kubernetes-cluster",
  effect: "read",
  input: z.strictObject({
    query: z.string().max(100).optional().describe("Part of the name, for example: kueue"),
  }),
  output: z.object({
    kinds: z.array(
      z.object({ kind: z.string(), group: z.string(), plural: z.string(), versions: z.array(z.string()) }),
    ),
  }),
  async run({ query = "" }, call) {
    const answer = await kubectlOf(call).json(["get", "customresourcedefinitions"], kubectlCall(call));
    const kinds = objectsOf(answer).map((object) => ({
      kind: textAt(object, "spec", "names", "kind") ?? "",
      group: textAt(object, "spec", "group") ?? "",
      plural: textAt(object, "spec", "names", "plural") ?? "",
      versions: listAt(object, "spec", "versions").flatMap((version) =>
        valueAt(version, "served") === true ? [textAt(version, "name") ?? ""] : [],
      ),
    }));
    const wanted = query.toLowerCase();
    return {
      kinds: kinds
        .filter(({ kind, group }) => `${kind}.${group}`.toLowerCase().includes(wanted))
        .slice(0, 500),
    };
  },
  say: ({ kinds }) =>
    kinds.length === 0
      ? "There are none."
      : kinds
          .map(({ kind, group, plural, versions }) => `${kind}  ${plural}.${group}  ${versions.join(",")}`)
          .join("\n"),
});
