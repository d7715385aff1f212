import { ParleyError } from "@parley/core";
import { lstat, unlink } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { z } from "zod";
import { TimeoutSeconds } from "../../arguments.ts";
import { executeOrThrow } from "../../execute.ts";
import { Path } from "../../files/arguments.ts";
import { inFolder, meant, realInside } from "../../files/confine.ts";
import { rootsOf } from "../../files/roots.ts";
import { operation } from "../../operation.ts";
import { EngineChoice, engineNames, engineVariables, findEngine } from "../engine.ts";
import { ImageReference } from "../image-reference.ts";

/** Saves an image to a file. */
export const dockerSaveImage = operation({
  name: "docker_save_image",
  description:
    "Saves an image as an archive in the folders open to the file tools, for docker_load_image, or for apptainer build " +
    "x.sif docker-archive:FILE on a cluster. A file that exists is never overwritten.",
  toolset: "containers-write",
  effect: "write",
  openWorld: false,
  task: "optional",
  input: z.strictObject({
    uri: ImageReference.describe("Image of this machine, for example: lammps:2026"),
    path: Path.describe("File to write in one of the open folders, for example: images/lammps.tar"),
    engine: EngineChoice,
    timeout_seconds: TimeoutSeconds.default(1800),
  }),
  output: z.object({
    image: z.string(),
    path: z.string(),
    size_bytes: z.number(),
    engine: z.enum(engineNames),
  }),
  async run({ uri, path, engine, timeout_seconds }, call) {
    const roots = await rootsOf(call);
    const whole = meant(path, roots);
    const able = ["docker", "podman"] as const;
    const found = await findEngine(call, { wanted: engine, able, doing: "save images" });
    const folder = await realInside(dirname(whole), roots);
    return inFolder(folder, roots, async ({ real }) => {
      const file = `${real}/${basename(whole)}`;
      if (await exists(file))
        throw new ParleyError("E_OBJECT_CONFLICT", `${file} exists: choose another name.`);
      const argv = [found.name, "save", `--output=${file}`, uri];
      try {
        await executeOrThrow(call, argv, { pass: engineVariables, timeoutMs: timeout_seconds * 1000 });
      } catch (error) {
        await unlink(file).catch(() => undefined);
        throw error;
      }
      return { image: uri, path: file, size_bytes: (await lstat(file)).size, engine: found.name };
    });
  },
  say: ({ image, path, size_bytes }) => `Saved ${image} to ${path} (${String(size_bytes)} bytes).`,
});

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}
