import { z } from "zod";
import { Limit } from "../../arguments.ts";
import { operation } from "../../operation.ts";
import {
  FieldSelector,
  LabelSelector,
  NamespaceOrAll,
  ResourceName,
  ResourceType,
  Verbose,
} from "../arguments.ts";
import { inNamespace, kubectlCall, kubectlOf } from "../client.ts";
import { showable } from "../hide-secrets.ts";
import { SummaryRecord, saySummary } from "../say-summary.ts";
import { objectsOf, summarise } from "../summaries.ts";

const maxCharacters = 100_000;

/** Reads objects. */
export const kubectlGet = operation({
  name: "kubectl_get",
  description:
    "Lists objects of a Kubernetes cluster, or reads one, as summaries with the reason in words where something is " +
    "wrong; verbose gives whole objects, without the values of secrets.",
  toolset: "kubernetes",
  effect: "read",
  input: z.strictObject({
    resource_type: ResourceType,
    name: ResourceName.optional(),
    namespace: NamespaceOrAll,
    label_selector: LabelSelector,
    field_selector: FieldSelector,
    verbose: Verbose,
    limit: Limit,
  }),
  output: z.object({
    items: z.array(SummaryRecord),
    /** Whole objects, when verbose. */
    objects: z.array(z.unknown()).optional(),
    total: z.number().int(),
    truncated: z.boolean(),
  }),
  async run({ resource_type, name, namespace, label_selector, field_selector, verbose, limit }, call) {
    const args = [
      "get",
      resource_type,
      ...(name === undefined ? [] : [name]),
      ...inNamespace(namespace),
      ...(label_selector === undefined ? [] : [`--selector=${label_selector}`]),
      ...(field_selector === undefined ? [] : [`--field-selector=${field_selector}`]),
    ];
    const found = objectsOf(await kubectlOf(call).json(args, kubectlCall(call)));
    const shown = found.slice(0, limit);
    const whole = verbose ? withinBudget(shown.map(showable)) : undefined;
    return {
      items: shown.flatMap((object) => summarise(object) ?? []),
      ...(whole === undefined ? {} : { objects: whole }),
      total: found.length,
      truncated: found.length > shown.length || (whole !== undefined && whole.length < shown.length),
    };
  },
  say: ({ items, total, truncated, objects }) =>
    [
      total === 0 ? "There are none." : `${String(total)} found.`,
      ...items.map(saySummary),
      ...(objects ?? []).map((object) => JSON.stringify(object)),
      ...(truncated
        ? ["(more: narrow by name, namespace, label_selector or field_selector, or raise limit)"]
        : []),
    ].join("\n"),
});

function withinBudget(objects: readonly unknown[]): unknown[] {
  let left = maxCharacters;
  return objects.filter((object) => (left -= JSON.stringify(object).length) > 0);
}
