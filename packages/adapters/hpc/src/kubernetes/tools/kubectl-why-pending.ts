import { explainUnschedulable } from "@parley/engines/kubernetes";
import { z } from "zod";
import type { Call } from "../../call.ts";
import { operation } from "../../operation.ts";
import { Namespace, ObjectName } from "../arguments.ts";
import { type ClusterEvent, readEvents } from "../events-of.ts";
import { findJob, findPod } from "../pods-of.ts";

/** Says why something waits. */
export const kubectlWhyPending = operation({
  name: "kubectl_why_pending",
  description:
    "Says in words why a job or pod does not run: what nodes lack, taints, images, volumes, quotas, suspension.",
  toolset: "kubernetes",
  effect: "read",
  input: z.strictObject({
    name: ObjectName,
    resource_type: z.enum(["job", "pod"]).default("job").describe("What it is, for example: pod"),
    namespace: Namespace,
  }),
  output: z.object({
    name: z.string(),
    state: z.string(),
    /** Absent where nothing holds it up. */
    why: z.string().optional(),
    pods: z.array(z.object({ name: z.string(), phase: z.string(), why: z.string().optional() })),
    /** Further reasons, from events. */
    events: z.array(z.string()),
  }),
  async run({ name, resource_type, namespace }, call) {
    const found =
      resource_type === "job"
        ? await findJob(call, { name, namespace }).then(({ job, pods }) => ({
            state: job.state,
            why: job.why,
            pods,
          }))
        : await findPod(call, { name, namespace }).then((pod) => ({
            state: pod.phase,
            why: pod.why,
            pods: [pod],
          }));
    const kind = resource_type === "job" ? "Job" : "Pod";
    const events = found.why === undefined ? [] : await warnings(call, { namespace, kind, name });
    return {
      name,
      state: found.state,
      ...(found.why === undefined ? {} : { why: found.why }),
      pods: found.pods.map(({ name, phase, why }) => ({
        name,
        phase,
        ...(why === undefined ? {} : { why }),
      })),
      events: [...events],
    };
  },
  say: ({ name, state, why, events }) =>
    [`${name} is ${state}: ${why ?? "nothing holds it up."}`, ...events.map((event) => `- ${event}`)].join(
      "\n",
    ),
});

/** Reasons out of events; a user who may not read events still gets the rest. */
async function warnings(
  call: Call,
  query: { readonly namespace?: string | undefined; readonly kind: string; readonly name: string },
): Promise<readonly string[]> {
  const events = await readEvents(call, { ...query, warnings: true }).catch(
    (): readonly ClusterEvent[] => [],
  );
  const said = events.map(({ reason, message }) =>
    reason === "FailedScheduling" ? explainUnschedulable(message) : `${reason}: ${message}`,
  );
  return [...new Set(said)].slice(-5);
}
