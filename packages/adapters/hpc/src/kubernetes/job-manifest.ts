import { z } from "zod";
import { Namespace, ObjectName } from "./arguments.ts";

const Word = z
  .string()
  .max(32_768)
  .regex(/^[^\0]*$/, "holds a NUL");
const labelName =
  /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const amount = /^\d{1,9}(?:\.\d{1,3})?(?:m|Ki|Mi|Gi|Ti|k|M|G|T)?$/;

export const Labels = z.record(
  z.string().regex(labelName, "is no label"),
  z.string().regex(labelValue, "is no label value"),
);

/** The arguments a Job is made from. */
export const JobArguments = z.strictObject({
  name: ObjectName,
  image: z
    .string()
    .max(512)
    .regex(/^[A-Za-z0-9][\w./:@-]*$/, "names no image")
    .describe("Image, for example: docker.io/library/busybox:1.36"),
  command: z
    .array(Word)
    .max(500)
    .default([])
    .describe(
      'Program and arguments, no shell; default the image\'s own; for example: ["lmp", "-in", "in.lj"]',
    ),
  namespace: Namespace,
  cpus: z.string().regex(amount).default("1").describe("CPU cores of each pod, for example: 500m"),
  memory: z.string().regex(amount).default("1Gi").describe("Memory of each pod, for example: 4Gi"),
  gpus: z.number().int().min(0).max(64).default(0).describe("GPUs of each pod, for example: 1"),
  gpu_resource: z
    .string()
    .regex(/^[a-z0-9.-]{1,63}\/[a-z0-9.-]{1,63}$/)
    .default("nvidia.com/gpu")
    .describe("How the cluster calls its GPUs, for example: amd.com/gpu"),
  parallelism: z.number().int().min(1).max(10_000).default(1).describe("Pods at once, for example: 4"),
  completions: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe("Pods that must succeed, for example: 4"),
  backoff_limit: z.number().int().min(0).max(100).default(0).describe("Retries, for example: 0"),
  walltime_seconds: z
    .number()
    .int()
    .min(1)
    .max(31_536_000)
    .default(3600)
    .describe("Seconds after which it is ended, for example: 3600"),
  ttl_seconds: z
    .number()
    .int()
    .min(0)
    .max(31_536_000)
    .optional()
    .describe("Seconds after its end when it is removed, for example: 86400"),
  environment: z
    .record(z.string().regex(/^[A-Za-z_]\w{0,127}$/), z.string().max(32_768))
    .default({})
    .describe('Variables; never secrets; for example: {"OMP_NUM_THREADS": "4"}'),
  labels: Labels.default({}).describe('Labels of the job and its pods, for example: {"team": "md"}'),
  node_selector: Labels.default({}).describe(
    'Labels of the nodes, for example: {"kubernetes.io/arch": "amd64"}',
  ),
  queue: z
    .string()
    .regex(labelValue)
    .optional()
    .describe("Local queue of Kueue, which then starts it; for example: user-queue"),
  priority_class: ObjectName.optional().describe("Priority class, for example: high"),
  service_account: ObjectName.optional().describe(
    "Service account; default none is mounted; for example: runner",
  ),
});
export type JobArguments = z.output<typeof JobArguments>;

/** The Job of some arguments, as the API takes it. */
export function jobManifest(args: JobArguments): Record<string, unknown> {
  const { name, namespace, labels, queue, parallelism, completions, ttl_seconds } = args;
  const queued = queue === undefined ? {} : { "kueue.x-k8s.io/queue-name": queue };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...labels, ...queued, "app.kubernetes.io/managed-by": "parley" },
    },
    spec: {
      parallelism,
      completions: completions ?? parallelism,
      backoffLimit: args.backoff_limit,
      activeDeadlineSeconds: args.walltime_seconds,
      ...(ttl_seconds === undefined ? {} : { ttlSecondsAfterFinished: ttl_seconds }),
      // Kueue starts a job that is its own by resuming it.
      ...(queue === undefined ? {} : { suspend: true }),
      template: { metadata: { labels }, spec: podSpec(args) },
    },
  };
}

function podSpec(args: JobArguments): Record<string, unknown> {
  const { image, command, cpus, memory, gpus, gpu_resource, environment, node_selector } = args;
  const resources = { cpu: cpus, memory, ...(gpus === 0 ? {} : { [gpu_resource]: String(gpus) }) };
  const env = Object.entries(environment).map(([name, value]) => ({ name, value }));
  return {
    restartPolicy: "Never",
    ...(args.service_account === undefined
      ? { automountServiceAccountToken: false }
      : { serviceAccountName: args.service_account }),
    ...(args.priority_class === undefined ? {} : { priorityClassName: args.priority_class }),
    ...(Object.keys(node_selector).length === 0 ? {} : { nodeSelector: node_selector }),
    containers: [
      {
        name: "main",
        image,
        ...(command.length === 0 ? {} : { command }),
        ...(env.length === 0 ? {} : { env }),
        resources: { requests: resources, limits: resources },
        securityContext: { allowPrivilegeEscalation: false },
      },
    ],
  };
}
