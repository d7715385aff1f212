import { ParleyError } from "@parley/core";
import type { Call } from "./call.ts";
import type { JobConfig } from "./config-store.ts";
import { type ReadJobFile, readJobFile } from "./job-file.ts";
import { lookAt } from "./jobs.ts";
import { type Registration, registerJob } from "./register.ts";
import { normalizeRepository, sameRepository } from "./repository.ts";

/** The config of a name. @throws `E_OBJECT_UNKNOWN` */
export async function requireConfig(call: Call, name: string): Promise<JobConfig> {
  const config = await call.configs().get(name);
  if (config !== undefined) return config;
  throw new ParleyError("E_OBJECT_UNKNOWN", `There is no job config ${name}; list_configs shows them.`);
}

/** Refuses a second config for one repository and namespace. @throws `E_OBJECT_CONFLICT` */
export async function checkUnique(call: Call, config: JobConfig): Promise<void> {
  if (config.repository === undefined) return;
  const others = await call.configs().list();
  const other = others.find(
    ({ name, repository, namespace }) =>
      name !== config.name && repository === config.repository && namespace === config.namespace,
  );
  if (other === undefined) return;
  throw new ParleyError(
    "E_OBJECT_CONFLICT",
    `Config ${other.name} already stands for ${config.repository} in that namespace.`,
  );
}

/** The enabled config of a repository. @throws `E_OBJECT_UNKNOWN`, or `E_OBJECT_CONFLICT` with the candidates */
export async function configOfRepository(
  call: Call,
  { repository, namespace }: { readonly repository: string; readonly namespace?: string | undefined },
): Promise<JobConfig> {
  const wanted = normalizeRepository(repository);
  const found = (await call.configs().list()).filter(
    (config) =>
      config.enabled &&
      config.repository !== undefined &&
      sameRepository(config.repository, wanted) &&
      (namespace === undefined || call.nomad.namespace(config.namespace) === namespace),
  );
  const [first] = found;
  if (first === undefined) {
    throw new ParleyError("E_OBJECT_UNKNOWN", `No job config stands for ${wanted}; create_config makes one.`);
  }
  if (found.length === 1) return first;
  const candidates = found.map(
    (each) => `${each.name} (${each.repository ?? ""}, ${call.nomad.namespace(each.namespace)})`,
  );
  throw new ParleyError(
    "E_OBJECT_CONFLICT",
    `Several job configs fit ${wanted}: ${candidates.join("; ")}. Give the namespace or the whole address.`,
    { details: { candidates } },
  );
}

/** Reads the job file a config holds. @throws `E_OBJECT_UNKNOWN` when it holds none */
export async function readConfigJob(call: Call, config: JobConfig): Promise<ReadJobFile> {
  if (config.spec_source === undefined) {
    throw new ParleyError("E_OBJECT_UNKNOWN", `Config ${config.name} holds no spec_source to register.`);
  }
  const found = await readJobFile(call, {
    content: config.spec_source,
    format: config.spec_format ?? "auto",
    variables: config.variables,
    namespace: config.namespace,
  });
  const { ID, Name } = lookAt(found.job);
  if ((ID || Name) === config.job_id) return found;
  throw new ParleyError(
    "E_OBJECT_CONFLICT",
    `Config ${config.name} stands for job ${JSON.stringify(config.job_id)}, but its file is of job ${JSON.stringify(ID || Name)}.`,
  );
}

/** Registers the job file a config holds, in the namespace the config stands for. */
export async function registerConfig(call: Call, config: JobConfig): Promise<Registration> {
  const namespace = call.nomad.namespace(config.namespace);
  return registerJob(call, { ...(await readConfigJob(call, config)), namespace });
}

/** A config as lists show it: values of variables and the job file left out. */
export function summarizeConfig(
  config: JobConfig,
): Omit<JobConfig, "spec_source" | "variables"> & { has_spec: boolean } {
  const { spec_source, variables: _variables, ...rest } = config;
  return { ...rest, has_spec: spec_source !== undefined };
}
