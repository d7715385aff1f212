import { z } from "zod";
import { executeOrThrow } from "../../execute.ts";
import { operation } from "../../operation.ts";
import { EngineChoice, engineNames, engineVariables, findEngine } from "../engine.ts";
import { ImageOrId, ImageReference } from "../image-reference.ts";

/** Names an image once more. */
export const dockerTagImage = operation({
  name: "docker_tag_image",
  description: "Gives a local image a further name, such as the one of its registry before a push.",
  toolset: "containers-write",
  effect: "write",
  idempotent: true,
  openWorld: false,
  input: z.strictObject({
    uri: ImageOrId.describe("Image by name or id, for example: lammps"),
    new_uri: ImageReference.describe("Further name, for example: ghcr.io/lab/lammps:2026"),
    engine: EngineChoice,
  }),
  output: z.object({ image: z.string(), name: z.string(), engine: z.enum(engineNames) }),
  async run({ uri, new_uri, engine }, call) {
    const found = await findEngine(call, { wanted: engine, doing: "name images" });
    await executeOrThrow(call, [found.name, "tag", uri, new_uri], { pass: engineVariables });
    return { image: uri, name: new_uri, engine: found.name };
  },
  say: ({ image, name }) => `${image} is ${name} too.`,
});
