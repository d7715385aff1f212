import { ParleyError } from "@parley/core";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { InstanceType, Path } from "../arguments.ts";
import { JobFile, formatJobFile } from "../job-config.ts";
import { operation } from "../operation.ts";
import { confine } from "../paths.ts";

/** Writes a job file. */
export const jobWriteConfig = operation({
  name: "job_write_config",
  description:
    "Writes a TensorPool job file (TOML) into workdir. A different file of that name is replaced only with overwrite: true. The current job files are called NAME.tp.toml; instance_type makes job_push run the job on a cluster of its own.",
  toolset: "jobs",
  effect: "write",
  idempotent: true,
  input: z.strictObject({
    workdir: Path.describe(
      "Folder of the project, inside the server's folder; made if absent; for example: .",
    ),
    instance_type: InstanceType.optional(),
    commands: JobFile.shape.commands.describe('Commands in order, for example: ["python train.py"]'),
    outputs: z
      .array(z.string().max(4096))
      .max(1000)
      .default([])
      .describe('Files and folders to bring back, for example: ["checkpoints/"]'),
    ignore: z
      .array(z.string().max(4096))
      .max(1000)
      .default([])
      .describe('What is not sent, for example: [".venv"]'),
    filename: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}\.toml$/, "is a plain file name that ends in .toml")
      .default("tp.config.toml")
      .describe("Name of the file, for example: train.tp.toml"),
    overwrite: z.boolean().default(false).describe("Replaces another file of that name, for example: false"),
  }),
  output: z.object({
    path: z.string(),
    toml: z.string(),
    /** `kept`: it says this already. */
    change: z.enum(["created", "replaced", "kept"]),
  }),
  async run({ workdir, filename, overwrite, ...file }, call) {
    const toml = formatJobFile(JobFile.parse(file));
    const folder = await confine(call.settings.root, workdir, "workdir");
    await mkdir(folder, { recursive: true });
    const path = await confine(call.settings.root, join(folder, filename), "filename");
    const before = await readFile(path, "utf8").catch(() => undefined);
    if (before === toml) return { path, toml, change: "kept" as const };
    if (before !== undefined && !overwrite) {
      throw new ParleyError(
        "E_OBJECT_CONFLICT",
        `${filename} exists and says something else: choose another filename, or pass overwrite: true.`,
      );
    }
    await replace(path, toml, call.newId());
    return { path, toml, change: before === undefined ? ("created" as const) : ("replaced" as const) };
  },
  say: ({ path, toml, change }) =>
    `${path} ${change === "kept" ? "says this already" : `was ${change}`}:\n${toml}`,
});

/** Never half a file, and a link in its place is replaced, not followed. */
async function replace(path: string, text: string, id: string): Promise<void> {
  const draft = `${path}.${id}.draft`;
  try {
    await writeFile(draft, text, { flag: "wx" });
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new ParleyError("E_ARGUMENT_INVALID", `${path} cannot be written: choose another workdir.`, {
      cause,
    });
  }
}
