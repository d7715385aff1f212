import { z } from "zod";

const label = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** The arguments of the Kubernetes tools. None of them can begin with a dash. */

export const Namespace = z
  .string()
  .regex(label, "names no namespace")
  .optional()
  .describe("Namespace; default that of the kubeconfig's context; for example: default");

export const NamespaceOrAll = z
  .string()
  .regex(label, "names no namespace")
  .optional()
  .describe("Namespace, or all; default that of the kubeconfig's context; for example: all");

export const ResourceType = z
  .string()
  .max(253)
  .regex(/^[a-z][a-z0-9]*(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/, "names no kind of object")
  .describe("Kind of object, for example: jobs.batch");

export const ResourceName = z
  .string()
  .max(253)
  // Names of roles may hold colons; no name holds a slash.
  .regex(/^[a-z0-9](?:[-a-z0-9.:]*[a-z0-9])?$/, "is no name")
  .describe("Name of the object, for example: hello");

export const ObjectName = z
  .string()
  .max(63)
  .regex(subdomain, "must be small letters, digits and dashes")
  .describe("Name, for example: hello");

export const LabelSelector = z
  .string()
  .max(1000)
  .regex(/^(?![- ])[\w ./,!=()-]+$/, "is no label selector")
  .optional()
  .describe("Labels the objects have, for example: app=web,tier!=test");

export const FieldSelector = z
  .string()
  .max(1000)
  .regex(/^(?![- ])[\w./,!=-]+$/, "is no field selector")
  .optional()
  .describe("Fields the objects have, for example: status.phase=Running");

export const ContainerName = z
  .string()
  .regex(label, "names no container")
  .optional()
  .describe("Container of the pod; default its first; for example: main");

export const Verbose = z
  .boolean()
  .default(false)
  .describe("Gives everything instead of a summary, for example: true");

/** A time as kubectl writes it, of at most a day. */
export const Timeout = z
  .string()
  .regex(/^\d{1,5}[smh]$/)
  .default("30s")
  .describe("Time to wait at most, for example: 30s");

/** Seconds of a {@link Timeout}, a day at most. */
export function secondsOf(timeout: string): number {
  const factor = timeout.endsWith("h") ? 3600 : timeout.endsWith("m") ? 60 : 1;
  return Math.min(86_400, Number(timeout.slice(0, -1)) * factor);
}

export const Manifest = z
  .union([z.string().min(1).max(1_000_000), z.record(z.string(), z.unknown())])
  .transform((given) => (typeof given === "string" ? given : JSON.stringify(given, undefined, 2)))
  .describe("YAML or JSON of one or several objects, for example: apiVersion: v1 ...");
