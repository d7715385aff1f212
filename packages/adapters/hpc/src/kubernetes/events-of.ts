import { z } from "zod";
import type { Call } from "../call.ts";
import { inNamespace, kubectlCall, kubectlOf } from "./client.ts";
import { numberAt, textAt } from "../records.ts";
import { objectsOf } from "./summaries.ts";

/** Something the cluster said of an object. */
export const ClusterEvent = z.object({
  time: z.string(),
  type: z.string(),
  reason: z.string(),
  kind: z.string(),
  name: z.string(),
  namespace: z.string(),
  message: z.string(),
  count: z.number().int(),
});
export type ClusterEvent = z.infer<typeof ClusterEvent>;

/** Which events. */
export interface EventQuery {
  readonly namespace?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly warnings?: boolean | undefined;
}

/** The events of a namespace or an object, oldest first. */
export async function readEvents(call: Call, query: EventQuery): Promise<readonly ClusterEvent[]> {
  const { namespace, kind, name, warnings = false } = query;
  const fields = [
    ...(kind === undefined ? [] : [`involvedObject.kind=${kind}`]),
    ...(name === undefined ? [] : [`involvedObject.name=${name}`]),
    ...(warnings ? ["type=Warning"] : []),
  ];
  const selector = fields.length === 0 ? [] : [`--field-selector=${fields.join(",")}`];
  const answer = await kubectlOf(call).json(
    ["get", "events", ...selector, ...inNamespace(namespace)],
    kubectlCall(call),
  );
  return objectsOf(answer)
    .map(toEvent)
    .toSorted((a, b) => a.time.localeCompare(b.time));
}

function toEvent(object: unknown): ClusterEvent {
  const time =
    textAt(object, "series", "lastObservedTime") ??
    textAt(object, "lastTimestamp") ??
    textAt(object, "eventTime") ??
    textAt(object, "metadata", "creationTimestamp") ??
    "";
  return {
    time,
    type: textAt(object, "type") ?? "",
    reason: textAt(object, "reason") ?? "",
    kind: textAt(object, "involvedObject", "kind") ?? "",
    name: textAt(object, "involvedObject", "name") ?? "",
    namespace: textAt(object, "involvedObject", "namespace") ?? textAt(object, "metadata", "namespace") ?? "",
    message: (textAt(object, "message") ?? "").slice(0, 1000),
    count: numberAt(object, "series", "count") ?? numberAt(object, "count") ?? 1,
  };
}

/** An event in a line. */
export function sayEvent({ time, type, reason, kind, name, message, count }: ClusterEvent): string {
  const times = count > 1 ? ` (${String(count)} times)` : "";
  return `${time}  ${type}  ${reason}  ${kind}/${name}: ${message}${times}`;
}
