import { ParleyError } from "@parley/core";
import { z } from "zod";
import { Confirm } from "../../arguments.ts";
import { execute, programError } from "../../execute.ts";
import { operation } from "../../operation.ts";
import { EngineChoice, engineNames, engineVariables, findEngine } from "../engine.ts";
import { ImageOrId } from "../image-reference.ts";
import { isMissing, noImage } from "../inspect-image.ts";

/** Removes a local image. */
export const dockerRemoveImage = operation({
  name: "docker_remove_image",
  description: "Removes an image from this machine; one that a container uses stays. Asks for confirm: true.",
  toolset: "containers-write",
  effect: "destroy",
  idempotent: false,
  openWorld: false,
  input: z.strictObject({
    uri: ImageOrId.describe("Image by name or id, for example: lammps"),
    confirm: Confirm,
    engine: EngineChoice,
  }),
  output: z.object({ image: z.string(), removed: z.boolean(), engine: z.enum(engineNames) }),
  destroys: ({ uri }) => `would remove the image ${uri} from this machine.`,
  async run({ uri, engine }, call) {
    const found = await findEngine(call, { wanted: engine, doing: "remove images" });
    const result = await execute(call, [found.name, "rmi", uri], {
      pass: engineVariables,
      timeoutMs: 120_000,
    });
    if (result.ok) return { image: uri, removed: true, engine: found.name };
    if (isMissing(result.stderr)) throw noImage(uri);
    if (/in use|being used|is using/i.test(result.stderr))
      throw new ParleyError(
        "E_OBJECT_CONFLICT",
        `A container uses the image ${uri}: remove the container first.`,
      );
    throw programError(result);
  },
  say: ({ image }) => `Removed ${image}.`,
});
