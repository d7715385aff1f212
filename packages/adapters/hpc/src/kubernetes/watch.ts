import { ParleyError, globPattern } from "@parley/core";
import { type Kubectl, jsonDocuments } from "@parley/engines/kubernetes";
import { z } from "zod";
import { FieldSelector, LabelSelector, NamespaceOrAll, ResourceType } from "./arguments.ts";
import { inNamespace } from "./client.ts";
import { listAt, recordAt, textAt, valueAt } from "../records.ts";
import { summarise } from "./summaries.ts";

const apiPart = z
  .string()
  .max(253)
  .regex(/^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/);

/** The parameters of a subscription. */
export const WatchParameters = z.object({
  resource_type: ResourceType.default("pods"),
  namespace: NamespaceOrAll,
  label_selector: LabelSelector,
  field_selector: FieldSelector,
  name_pattern: z
    .string()
    .min(1)
    .max(253)
    .optional()
    .describe("Name, or a pattern with * and ?, for example: hello-*"),
  only_completed: z.boolean().default(true).describe("Only what has ended or is gone, for example: false"),
  is_custom_resource: z
    .boolean()
    .default(false)
    .describe("Takes group, version and plural, for example: true"),
  group: apiPart.optional().describe("API group of a custom kind, for example: flux-framework.org"),
  version: apiPart.optional().describe("Version of a custom kind, for example: v1alpha2"),
  plural: apiPart.optional().describe("Plural of a custom kind, for example: miniclusters"),
});
export type WatchParameters = z.output<typeof WatchParameters>;

/** Something that happened to a watched object. */
export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly resource: string;
  readonly creation_timestamp?: string | undefined;
  readonly status: string;
  /** How it ended: `succeeded` or `failed`; absent while it goes on. */
  readonly state?: "succeeded" | "failed" | undefined;
  readonly why?: string | undefined;
}

/** The kind that is watched. @throws `E_ARGUMENT_INVALID` for a custom kind without its plural and group */
function watchedType(params: WatchParameters): string {
  if (!params.is_custom_resource) return params.resource_type;
  const { group, version, plural } = params;
  if (group === undefined || plural === undefined)
    throw new ParleyError("E_ARGUMENT_INVALID", "A custom kind needs group and plural.");
  return version === undefined ? `${plural}.${group}` : `${plural}.${version}.${group}`;
}

/** The arguments that choose the watched objects. */
export function watchSelection(params: WatchParameters): readonly string[] {
  const { namespace, label_selector, field_selector } = params;
  return [
    watchedType(params),
    ...inNamespace(namespace),
    ...(label_selector === undefined ? [] : [`--selector=${label_selector}`]),
    ...(field_selector === undefined ? [] : [`--field-selector=${field_selector}`]),
  ];
}

/** How {@link watchObjects} runs. */
export interface WatchOptions {
  readonly kubectl: Kubectl;
  readonly signal: AbortSignal;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Objects remembered, so that a watch that begins again tells nothing twice. */
const maxRemembered = 20_000;
const maxPauseMs = 30_000;

/**
 * Watches objects until the signal aborts, beginning again where the watch ends, as the API server makes it.
 * @throws `E_ENGINE_FORBIDDEN`, `E_OBJECT_UNKNOWN` and other errors that trying again does not mend
 */
export async function* watchObjects(
  params: WatchParameters,
  options: WatchOptions,
): AsyncGenerator<WatchEvent> {
  const { kubectl, signal, sleep } = options;
  const told = createMemory();
  const wanted = params.name_pattern === undefined ? undefined : globPattern(params.name_pattern);
  const args = ["get", ...watchSelection(params), "--watch", "--output-watch-events", "--output=json"];
  for (let failures = 0; !signal.aborted;) {
    try {
      for await (const document of jsonDocuments(kubectl.stream(args, signal))) {
        const event = toEvent(document, params.only_completed);
        failures = 0;
        if (event === undefined || wanted?.test(event.name) === false) continue;
        if (told.isNew(document, event)) yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!ParleyError.isInstance(error) || error.code !== "E_ENGINE_UNREACHABLE") throw error;
    }
    failures += 1;
    if (!signal.aborted)
      await sleep(Math.min(maxPauseMs, 500 * 2 ** Math.min(failures, 6)), signal).catch(() => undefined);
  }
}

function toEvent(document: unknown, onlyCompleted: boolean): WatchEvent | undefined {
  const object = valueAt(document, "object");
  const type = textAt(document, "type");
  if (type !== "ADDED" && type !== "MODIFIED" && type !== "DELETED") return undefined;
  const summary = summarise(object);
  if (summary === undefined) return undefined;
  const state = endOf(object);
  if (onlyCompleted && state === undefined && type !== "DELETED") return undefined;
  const { name, kind, status, namespace, created, why } = summary;
  return {
    type,
    name,
    resource: kind,
    status,
    ...(namespace === undefined ? {} : { namespace }),
    ...(created === undefined ? {} : { creation_timestamp: created }),
    ...(state === undefined ? {} : { state }),
    ...(why === undefined ? {} : { why }),
  };
}

/** How an object ended, by the phase of a pod or the conditions of a job and of most custom kinds. */
function endOf(object: unknown): WatchEvent["state"] {
  const phase = textAt(object, "status", "phase");
  if (phase === "Succeeded") return "succeeded";
  if (phase === "Failed") return "failed";
  const holds = (type: RegExp): boolean =>
    listAt(object, "status", "conditions").some(
      (condition) => type.test(textAt(condition, "type") ?? "") && textAt(condition, "status") === "True",
    );
  if (holds(/^(?:Complete|Completed|Succeeded|JobFinished)$/)) return "succeeded";
  return holds(/^(?:Failed|JobFailed)$/) ? "failed" : undefined;
}

interface Memory {
  isNew(document: unknown, event: WatchEvent): boolean;
}

/** A watch that begins again tells of everything there is: what has not changed since is told once. */
function createMemory(): Memory {
  const seen = new Map<string, string>();
  return {
    isNew(document, event) {
      const metadata = recordAt(document, "object", "metadata");
      const id = textAt(metadata, "uid") ?? `${event.namespace ?? ""}/${event.name}`;
      // What has ended changes no more in a way that matters.
      const version = event.state ?? textAt(metadata, "resourceVersion") ?? "";
      const now = `${event.type === "DELETED" ? "gone " : ""}${version}`;
      if (seen.get(id) === now) return false;
      seen.delete(id);
      seen.set(id, now);
      const [oldest] = seen.keys();
      if (seen.size > maxRemembered && oldest !== undefined) seen.delete(oldest);
      return true;
    },
  };
}
