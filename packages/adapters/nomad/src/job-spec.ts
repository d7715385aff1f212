import { ParleyError } from "@parley/core";
import { z } from "zod";
import { RawJob } from "./answers.ts";

/** A job in short: one group, one task. */
const ShortJob = z.strictObject({
  name: z.string().min(1).max(512),
  type: z.enum(["batch", "service", "system", "sysbatch"]).default("service"),
  /** A container image; the driver is then docker. */
  image: z.string().min(1).optional(),
  command: z.string().min(1).optional(),
  args: z.array(z.string()).optional(),
  driver: z.string().min(1).optional(),
  count: z.number().int().min(0).max(10_000).optional(),
  /** MHz. */
  cpu: z.number().int().min(1).optional(),
  memory_mb: z.number().int().min(10).optional(),
  env: z.record(z.string(), z.string()).optional(),
  /** Port inside the task by label. */
  ports: z.record(z.string(), z.number().int().min(1).max(65_535)).optional(),
  datacenters: z.array(z.string().min(1)).optional(),
  meta: z.record(z.string(), z.string()).optional(),
});
type ShortJob = z.infer<typeof ShortJob>;

/** A job from what `create_job` takes: `{"Job": ...}`, a bare job, or the short form. @throws `E_ARGUMENT_INVALID` */
export function readJobSpec(spec: Readonly<Record<string, unknown>>): RawJob {
  const wrapped = RawJob.safeParse(spec["Job"]);
  if (wrapped.success) return wrapped.data;
  if ("TaskGroups" in spec || "ID" in spec) return { ...spec };
  const short = ShortJob.safeParse(spec);
  if (short.success) return expandJob(short.data);
  const issues = short.error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join(".")} ${message}`.trim());
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `The spec is neither a Nomad job (with TaskGroups) nor the short form: ${issues.join("; ")}.`,
  );
}

/** Writes a short job out. Drivers: docker for an image, else exec. */
function expandJob(short: ShortJob): RawJob {
  if (short.image === undefined && short.command === undefined) {
    throw new ParleyError("E_ARGUMENT_INVALID", "The job needs an image or a command.");
  }
  const ports = Object.entries(short.ports ?? {});
  // What is undefined here is absent from the JSON.
  const task = {
    Name: short.name,
    Driver: short.driver ?? (short.image === undefined ? "exec" : "docker"),
    Config: {
      image: short.image,
      command: short.command,
      args: short.args,
      ports: short.image === undefined || ports.length === 0 ? undefined : ports.map(([label]) => label),
    },
    Env: short.env,
    Resources: { CPU: short.cpu ?? 100, MemoryMB: short.memory_mb ?? 300 },
  };
  const networks = [{ DynamicPorts: ports.map(([Label, To]) => ({ Label, To })) }];
  return {
    ID: short.name,
    Name: short.name,
    Type: short.type,
    Datacenters: short.datacenters ?? ["*"],
    Meta: short.meta,
    TaskGroups: [
      {
        Name: short.name,
        Count: short.count,
        Networks: ports.length === 0 ? undefined : networks,
        Tasks: [task],
      },
    ],
  };
}

const secretKeys = new Set([
  "Env",
  "Templates",
  "Payload",
  "VaultToken",
  "ConsulToken",
  "NomadTokenID",
  "auth",
]);

/** A job to show: what may hold secrets keeps its keys alone. */
export function redactJob(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactJob);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, secretKeys.has(key) ? hide(inner) : redactJob(inner)]),
  );
}

function hide(value: unknown): unknown {
  if (value === null || value === "" || value === undefined) return value;
  if (Array.isArray(value)) return value.map(() => "(hidden)");
  if (typeof value !== "object") return "(hidden)";
  return Object.fromEntries(Object.keys(value).map((key) => [key, "(hidden)"]));
}
