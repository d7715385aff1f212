import { z } from "zod";
import { operation } from "../../operation.ts";
import { kubectlCall, kubectlOf } from "../client.ts";
import { numberAt, textAt, valueAt } from "../../records.ts";
import { objectsOf } from "../summaries.ts";

/** Lists priority classes. */
export const kubectlGetPriorityClasses = operation({
  name: "kubectl_get_priority_classes",
  description: "Lists the priorities pods can have, highest first; pods of a higher one push others out.",
  toolset: "kubernetes-cluster",
  effect: "read",
  input: z.strictObject({}),
  output: z.object({
    classes: z.array(
      z.object({
        name: z.string(),
        value: z.number(),
        is_default: z.boolean(),
        preempts: z.boolean(),
        description: z.string(),
      }),
    ),
  }),
  async run(_args, call) {
    const answer = await kubectlOf(call).json(["get", "priorityclasses"], kubectlCall(call));
    const classes = objectsOf(answer).map((object) => ({
      name: textAt(object, "metadata", "name") ?? "",
      value: numberAt(object, "value") ?? 0,
      is_default: valueAt(object, "globalDefault") === true,
      preempts: textAt(object, "preemptionPolicy") !== "Never",
      description: textAt(object, "description") ?? "",
    }));
    return { classes: classes.toSorted((a, b) => b.value - a.value) };
  },
  say: ({ classes }) =>
    classes.length === 0
      ? "There are none."
      : classes
          .map(({ name, value, is_default }) => `${name}  ${String(value)}${is_default ? "  (default)" : ""}`)
          .join("\n"),
});
