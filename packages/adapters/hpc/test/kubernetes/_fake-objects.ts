import { z } from "zod";

const labels = z.record(z.string(), z.string()).optional();

const Container = z.looseObject({
  image: z.string().optional(),
  command: z.array(z.string()).optional(),
  resources: z.looseObject({ limits: z.record(z.string(), z.unknown()).optional() }).optional(),
});
export type Container = z.infer<typeof Container>;

const Template = z.looseObject({
  metadata: z.looseObject({ labels }).optional(),
  spec: z.looseObject({ containers: z.array(Container).min(1) }),
});

const Spec = z.looseObject({
  replicas: z.number().optional(),
  template: Template.optional(),
  /** No field of Kubernetes: an object with it is turned down. */
  refused: z.boolean().optional(),
});

/** An object of the API, as far as the fake looks into it. */
export const KubeObject = z.looseObject({
  apiVersion: z.string().optional(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels,
    uid: z.string().optional(),
    creationTimestamp: z.string().optional(),
    resourceVersion: z.string().optional(),
  }),
  spec: Spec.optional(),
});
export type KubeObject = z.infer<typeof KubeObject>;

/** What a PATCH or a PUT of a scale may hold. */
export const Change = z.looseObject({ spec: Spec.optional() });

const JsonPatch = z.array(z.object({ path: z.string(), value: z.unknown() }));

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object as a patch of either kind leaves it. */
export function patched(before: KubeObject | undefined, patch: unknown): KubeObject {
  return KubeObject.parse(Array.isArray(patch) ? jsonPatch(before, patch) : merge(before ?? {}, patch));
}

function merge(before: unknown, after: unknown): unknown {
  if (!isRecord(after)) return after;
  const known = isRecord(before) ? before : {};
  const merged: Record<string, unknown> = { ...known };
  for (const [key, value] of Object.entries(after)) {
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = merge(known[key], value);
  }
  return merged;
}

/** `replace` of JSON Patch, which is all the tests use. */
function jsonPatch(before: KubeObject | undefined, patch: unknown): unknown {
  const after: unknown = structuredClone(before);
  for (const { path, value } of JsonPatch.parse(patch)) {
    const parts = path.split("/").slice(1);
    const last = parts.pop() ?? "";
    const holder = parts.reduce((at, part) => fieldOf(at, part), after);
    if (typeof holder === "object" && holder !== null) Reflect.set(holder, last, value);
  }
  return after;
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, field) : undefined;
}

export function hasLabels(object: KubeObject, selector: string | null): boolean {
  return (selector ?? "").split(",").every((part) => {
    const [, name = "", value] = /^([^=!]+)==?(.*)$/.exec(part) ?? [];
    return part === "" || object.metadata.labels?.[name] === value;
  });
}

export function hasFields(object: KubeObject, selector: string | null): boolean {
  return (selector ?? "").split(",").every((part) => {
    const [path = "", value] = part.split("=");
    return part === "" || path.split(".").reduce<unknown>(fieldOf, object) === value;
  });
}
