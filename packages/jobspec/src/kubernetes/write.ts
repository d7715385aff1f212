import { stringify } from "yaml";
import type { BatchField, BatchJob } from "../batch-job.ts";
import type { Fields } from "../jobspec/json.ts";
import { nothing, together, writeFields } from "../writing.ts";
import type { FieldWriters, Pen } from "../writing.ts";
import { containerCommand } from "./command.ts";
import { dnsName, isLabelValue, names } from "./names.ts";
import { placement } from "./nodes.ts";
import { podsOf, resourcesOf } from "./shape.ts";

/** Image of a job that names none. */
export const defaultImage = "docker.io/library/debian:12";

const stream = "What a container prints is its log: kubectl logs, or redirect in the script.";
const fields: FieldWriters = {
  name: together,
  account: together,
  queue: together,
  qos: nothing("qos", "A PriorityClass comes closest, by a name the cluster gives."),
  reservation: nothing("reservation", "There are no reservations."),
  nodes: together,
  tasks: together,
  tasksPerNode: together,
  cpusPerTask: together,
  gpus: together,
  gpusPerNode: together,
  gpusPerTask: together,
  gpuType: together,
  memoryBytes: together,
  memoryBytesPerNode: together,
  memoryBytesPerTask: together,
  memoryBytesPerCpu: together,
  memoryBytesPerGpu: together,
  walltimeSeconds: together,
  exclusive: nothing("exclusive", "Whole nodes are a matter of taints: ask the cluster's owner."),
  constraints: together,
  nodelist: together,
  excludeNodes: together,
  licenses: nothing("licenses", "There are no licences."),
  dependencies: nothing(
    "dependencies",
    "A Job waits for no other: use a workflow engine, or wait in the script.",
  ),
  array: together,
  begin: nothing("begin", "There is no earliest start: create the Job later, or by a CronJob."),
  hold: together,
  requeue: together,
  priority: nothing("priority", "A PriorityClass comes closest, by a name the cluster gives."),
  signal: nothing("signal", "There is no warning before the deadline: SIGTERM comes at it."),
  mail: nothing("mail", "There is no mail."),
  output: nothing("output", stream),
  error: nothing("error", stream),
  input: nothing("input", "There is no file as standard input: redirect it in the script."),
  workingDirectory: together,
  environment: together,
  containerImage: together,
  interpreter: together,
  script: together,
  command: together,
  modules: together,
};

function label(job: BatchJob, pen: Pen, field: "account" | "queue"): Fields {
  const value = job[field];
  if (value === undefined) return {};
  if (!isLabelValue(value)) {
    pen.lose(field, "It can be no value of a label.");
    return {};
  }
  const note =
    field === "queue" ? "A label that counts where Kueue runs." : "A label, for people and for reports.";
  pen.approximate(field, note);
  return { [names[field]]: value };
}

function environmentOf(job: BatchJob, pen: Pen): Fields {
  const { environment } = job;
  if (environment === undefined) return {};
  if (environment.inherit === "all" || (environment.names ?? []).length > 0) {
    pen.lose("environment", "A container inherits nothing of who submits it: give values.");
  } else if (environment.inherit === "none") {
    pen.approximate("environment", "A container inherits nothing, except from its image.");
  }
  const env = Object.entries(environment.variables ?? {}).map(([name, value]) => ({
    name,
    // "$(NAME)" and "$$" in a value are read by Kubernetes.
    value: value.replaceAll(/\$\$|\$\(/g, (match) => (match === "$$" ? "$$$$" : "$$(")),
  }));
  return env.length === 0 ? {} : { env };
}

function containerOf(job: BatchJob, pen: Pen, image: string | undefined): Fields {
  if (job.containerImage === undefined && image === undefined) {
    pen.add("containerImage", `A pod needs an image: ${defaultImage}, until you name yours.`);
  }
  return {
    name: "main",
    image: job.containerImage ?? image ?? defaultImage,
    command: containerCommand(job, pen),
    ...(job.workingDirectory === undefined ? {} : { workingDir: job.workingDirectory }),
    ...environmentOf(job, pen),
    ...resourcesOf(job, pen),
  };
}

function nameOf(job: BatchJob, pen: Pen): string {
  const name = dnsName(job.name ?? "job");
  if (job.name === undefined) pen.add("name", "A Job needs a name: job.");
  else if (name !== job.name)
    pen.approximate("name", "Names have lower case letters, digits and dashes, at most 63.");
  return name;
}

/** How often a failed pod is tried again. */
function retries(job: BatchJob, pen: Pen): number {
  if (job.requeue === undefined)
    pen.add("requeue", "A failed pod is not started again, as in a batch system.");
  return job.requeue === true ? 6 : 0;
}

/** Writes a Job of batch/v1 as YAML. */
export function writeKubernetes(job: BatchJob, pen: Pen, image: string | undefined): string {
  const name = nameOf(job, pen);
  const pods = podsOf(job, pen);
  const labels = { [names.job]: name, ...label(job, pen, "account"), ...label(job, pen, "queue") };
  writeFields(fields, { job, pen });
  if (job.hold === false) pen.lose("hold" satisfies BatchField, "A job that is not held is the default.");
  const manifest = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, labels },
    spec: {
      ...(job.hold === true ? { suspend: true } : {}),
      ...pods.spec,
      backoffLimit: retries(job, pen),
      template: {
        metadata: { labels: { [names.job]: name } },
        spec: {
          restartPolicy: "Never",
          ...(job.walltimeSeconds === undefined ? {} : { activeDeadlineSeconds: job.walltimeSeconds }),
          ...placement(job, pen, { apart: pods.apart, name }),
          containers: [containerOf(job, pen, image)],
        },
      },
    },
  };
  return stringify(manifest, { lineWidth: 0 });
}
