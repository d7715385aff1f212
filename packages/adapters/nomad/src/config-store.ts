import { ParleyError } from "@parley/core";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** Names of job configs: they become file names. */
export const ConfigName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "is 1 to 64 small letters, digits, dots, dashes and underscores")
  .describe("Name of the job config, for example: web");

/** What is kept of a job: where it comes from, and which job of which namespace it is. */
export const JobConfig = z.object({
  name: ConfigName,
  job_id: z.string().min(1).max(512),
  namespace: z.string().optional(),
  /** Normalised: `host/owner/name` or `owner/name`. */
  repository: z.string().optional(),
  /** Where the job file lies in the repository. */
  file_path: z.string().optional(),
  /** The job file itself; what start_job registers when the job is gone. */
  spec_source: z.string().max(1_000_000).optional(),
  spec_format: z.enum(["auto", "hcl", "json"]).optional(),
  variables: z.record(z.string(), z.unknown()).optional(),
  meta: z.record(z.string(), z.string()),
  enabled: z.boolean(),
  updated_at: z.string(),
});
export type JobConfig = z.infer<typeof JobConfig>;

/** Where job configs are kept. */
export interface ConfigStore {
  /** By name. */
  list(): Promise<JobConfig[]>;
  get(name: string): Promise<JobConfig | undefined>;
  put(config: JobConfig): Promise<void>;
  /** Whether there was one. */
  remove(name: string): Promise<boolean>;
}

/** Job configs that last as long as the process. */
export function memoryConfigs(): ConfigStore {
  const kept = new Map<string, JobConfig>();
  return {
    list: async () => [...kept.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    get: async (name) => kept.get(name),
    put: async (config) => void kept.set(config.name, config),
    remove: async (name) => kept.delete(name),
  };
}

/** Job configs as `NAME.json` files of mode 600 in a folder, each written whole. @throws `E_CONFIG_INVALID` without a folder */
export function directoryConfigs(folder: string | undefined): ConfigStore {
  if (folder === undefined || folder === "") {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      "There is no place for job configs: pass { configs } or set NOMAD_CONFIG_DIR.",
    );
  }
  const fileOf = (name: string): string => join(folder, `${checkName(name)}.json`);
  const read = async (name: string): Promise<JobConfig | undefined> => {
    const path = fileOf(name);
    const text = await readFile(path, "utf8").catch(absent);
    return text === undefined ? undefined : parseConfig(path, text);
  };
  return {
    async list() {
      const files = (await readdir(folder).catch(absent)) ?? [];
      const names = files.filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -5));
      const known = names.filter((name) => ConfigName.safeParse(name).success).toSorted();
      const found = await Promise.all(known.map(read));
      return found.filter((config) => config !== undefined);
    },
    get: read,
    async put(config) {
      const path = fileOf(config.name);
      const draft = `${path}.${String(process.pid)}.draft`;
      await mkdir(folder, { recursive: true });
      await writeFile(draft, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
      await rename(draft, path);
    },
    async remove(name) {
      if ((await read(name)) === undefined) return false;
      await rm(fileOf(name), { force: true });
      return true;
    },
  };
}

function checkName(name: string): string {
  const parsed = ConfigName.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new ParleyError("E_ARGUMENT_INVALID", `${JSON.stringify(name)} is no name for a job config.`);
}

function absent(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}

function parseConfig(path: string, text: string): JobConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ParleyError("E_CONFIG_INVALID", `${path} is no JSON.`, { cause });
  }
  const parsed = JobConfig.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `${path}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`,
  );
}
