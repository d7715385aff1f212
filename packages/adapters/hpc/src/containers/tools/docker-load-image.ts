import { z } from "zod";
import { TimeoutSeconds } from "../../arguments.ts";
import { executeOrThrow } from "../../execute.ts";
import { Path } from "../../files/arguments.ts";
import { withFile } from "../../files/confine.ts";
import { rootsOf } from "../../files/roots.ts";
import { operation } from "../../operation.ts";
import { EngineChoice, engineNames, engineVariables, findEngine } from "../engine.ts";

/** Loads an image from a file. */
export const dockerLoadImage = operation({
  name: "docker_load_image",
  description:
    "Loads the images of an archive in the folders open to the file tools, as docker_save_image writes it.",
  toolset: "containers-write",
  effect: "write",
  idempotent: true,
  openWorld: false,
  task: "optional",
  input: z.strictObject({
    path: Path.describe("Archive in one of the open folders, for example: images/lammps.tar"),
    engine: EngineChoice,
    timeout_seconds: TimeoutSeconds.default(1800),
  }),
  output: z.object({ images: z.array(z.string()), engine: z.enum(engineNames) }),
  async run({ path, engine, timeout_seconds }, call) {
    const roots = await rootsOf(call);
    const able = ["docker", "podman"] as const;
    const found = await findEngine(call, { wanted: engine, able, doing: "load images" });
    return withFile(path, roots, async (_file, real) => {
      const argv = [found.name, "load", `--input=${real}`];
      const { stdout } = await executeOrThrow(call, argv, {
        pass: engineVariables,
        timeoutMs: timeout_seconds * 1000,
      });
      const images = [...stdout.matchAll(/^Loaded image(?:\(s\))?(?: ID)?: (.+)$/gm)].map(([, names = ""]) =>
        names.trim(),
      );
      return { images, engine: found.name };
    });
  },
  say: ({ images }) => `Loaded ${images.length === 0 ? "the archive" : images.join(", ")}.`,
});
