import { createDraft } from "../draft.ts";
import type { Draft } from "../draft.ts";
import { asText } from "../fields/readers.ts";
import { fieldsAt, itemsOf, textOf } from "../jobspec/json.ts";
import { parseManifest } from "./manifest.ts";
import { names } from "./names.ts";
import { readContainer } from "./read-container.ts";
import { readPod } from "./read-pod.ts";
import { createWalk } from "./walk.ts";
import type { Walk } from "./walk.ts";

/** Labels Kubernetes and this package put there themselves. */
const ownLabels = new Set<string>([names.job, "job-name", "batch.kubernetes.io/job-name", "controller-uid"]);

function readMetadata(metadata: Walk, draft: Draft): void {
  metadata.take("name", (value) => asText("name")(String(value), draft));
  metadata.take("labels", (value) => {
    const labels = fieldsAt(value);
    const { [names.account]: account, [names.queue]: queue } = labels;
    if (account !== undefined) asText("account")(textOf(account), draft);
    if (queue !== undefined) asText("queue")(textOf(queue), draft);
    const used = new Set<string>([names.account, names.queue]);
    const others = Object.keys(labels).filter((key) => !used.has(key) && !ownLabels.has(key));
    if (others.length > 0)
      draft.lose({ why: "no counterpart", note: `Labels are not carried: ${others.join(", ")}.` });
  });
  metadata.leaveRest("No part of a batch job elsewhere.");
}

function readCompletions(spec: Walk, draft: Draft, apart: boolean): void {
  let completions = 1;
  let parallelism: number | undefined;
  spec.take("completionMode", () => undefined);
  spec.take("parallelism", (value) => (parallelism = Number(value)));
  spec.take("completions", (value) => {
    completions = Number(value);
    if (completions === 1) return;
    if (apart) draft.set("nodes", completions);
    else {
      const limit = parallelism ?? 1;
      const maxConcurrent = limit < completions ? { maxConcurrent: Math.max(1, limit) } : {};
      draft.set("array", { indices: `0-${completions - 1}`, ...maxConcurrent });
    }
  });
}

function readSpec(spec: Walk, draft: Draft, apart: boolean): void {
  readCompletions(spec, draft, apart);
  spec.take("suspend", (value) => {
    if (value === true) draft.set("hold", true);
  });
  spec.take("backoffLimit", (value) => draft.set("requeue", Number(value) > 0));
  spec.take("activeDeadlineSeconds", (value) => {
    draft.set("walltimeSeconds", Number(value));
    const note = "The deadline of a Job counts from its creation: here it is the time to run.";
    draft.lose({ why: "approximated", field: "walltimeSeconds", note });
  });
}

/**
 * Reads a Job of batch/v1, YAML or JSON.
 * @see the Kubernetes API reference, batch/v1 Job
 */
export function readKubernetes(text: string): Draft {
  const manifest = parseManifest(text);
  const draft = createDraft();
  const root = createWalk(manifest, draft);
  const pod = fieldsAt(manifest.job, "spec", "template", "spec");
  const apart = fieldsAt(pod, "affinity")["podAntiAffinity"] !== undefined;
  root.take("apiVersion", () => undefined);
  root.take("kind", () => undefined);
  readMetadata(root.into("metadata"), draft);
  const spec = root.into("spec");
  readSpec(spec, draft, apart);
  readPod(spec.into("template", "spec"), draft);
  const containers = itemsOf(pod["containers"]);
  readContainer(createWalk(manifest, draft, ["spec", "template", "spec", "containers", 0]), draft);
  spec.leaveRest("No part of a batch job elsewhere.");
  root.leaveRest("No part of a batch job elsewhere.");
  draft.at({ directive: "spec.template.spec.containers", value: String(containers.length) });
  if (containers.length > 1)
    draft.lose({ why: "no counterpart", note: "One container is carried: the first." });
  for (const kind of manifest.others) {
    draft.at({ directive: "kind", value: kind });
    draft.lose({ why: "no counterpart", note: "Only the Job of the manifest is carried." });
  }
  return draft;
}
