import type { Draft } from "../draft.ts";
import { fieldsAt, itemsOf } from "../jobspec/json.ts";
import { names } from "./names.ts";
import type { Walk } from "./walk.ts";

function readSelector(value: unknown, draft: Draft): void {
  for (const [key, text] of Object.entries(fieldsAt(value))) {
    if (key === names.gpuProduct) draft.set("gpuType", String(text));
    else if (key === names.host) draft.set("nodelist", [String(text)]);
    else
      draft.add("constraints", (before = []) => [
        ...before,
        String(text) === "true" ? key : `${key}=${String(text)}`,
      ]);
  }
}

function readAffinity(value: unknown, draft: Draft): void {
  const required = fieldsAt(value, "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
  const terms = itemsOf(required["nodeSelectorTerms"]);
  const note = "This rule for placing pods is not carried.";
  if (terms.length > 1 || fieldsAt(value)["podAffinity"] !== undefined)
    draft.lose({ why: "no counterpart", note });
  for (const expression of itemsOf(fieldsAt(terms[0])["matchExpressions"])) {
    const { key, operator, values } = fieldsAt(expression);
    const list = itemsOf(values).map(String);
    if (key === names.host && operator === "In") draft.set("nodelist", list);
    else if (key === names.host && operator === "NotIn") draft.set("excludeNodes", list);
    else if (operator === "In" && list.length === 1) {
      draft.add("constraints", (before = []) => [...before, `${String(key)}=${list[0] ?? ""}`]);
    } else draft.lose({ why: "no counterpart", field: "constraints", note });
  }
}

/** Reads the pod of a Job, other than its containers. */
export function readPod(pod: Walk, draft: Draft): void {
  pod.take("activeDeadlineSeconds", (value) => draft.set("walltimeSeconds", Number(value)));
  pod.take("nodeSelector", (value) => readSelector(value, draft));
  pod.take("affinity", (value) => readAffinity(value, draft));
  pod.take("containers", () => undefined);
  pod.take("restartPolicy", (value) => {
    if (value !== "Never")
      draft.lose({
        why: "approximated",
        field: "requeue",
        note: "A failed container starts again on its node: here the job does not.",
      });
  });
  pod.leaveRest("No part of a batch job elsewhere.");
}
