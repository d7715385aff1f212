import { z } from "zod";
import { Limit } from "../../arguments.ts";
import { executeOrThrow } from "../../execute.ts";
import { operation } from "../../operation.ts";
import { EngineChoice, engineNames, engineVariables, findEngine } from "../engine.ts";
import { readImages } from "../images.ts";
import { ImageReference } from "../image-reference.ts";

const Image = z.object({
  id: z.string(),
  names: z.array(z.string()),
  size: z.string().optional(),
  created: z.string().optional(),
});

/** Lists local images. */
export const dockerListImages = operation({
  name: "docker_list_images",
  description: "Lists the images of this machine, newest first, with id, names and size.",
  toolset: "containers",
  effect: "read",
  openWorld: false,
  input: z.strictObject({
    uri: ImageReference.optional().describe(
      "Only the images of that name, for example: docker.io/library/debian",
    ),
    engine: EngineChoice,
    limit: Limit,
  }),
  output: z.object({ engine: z.enum(engineNames), images: z.array(Image), more: z.boolean() }),
  async run({ uri, engine, limit }, call) {
    const found = await findEngine(call, { wanted: engine, doing: "list images" });
    const format =
      found.name === "docker" ? "--format={{json .}}" : found.name === "podman" ? "--format=json" : "--json";
    const argv = [found.name, "images", "--no-trunc", format, ...(uri === undefined ? [] : [uri])];
    const { stdout } = await executeOrThrow(call, argv, { pass: engineVariables });
    const images = readImages(stdout);
    return { engine: found.name, images: images.slice(0, limit), more: images.length > limit };
  },
  say: ({ images, more }) =>
    images.length === 0
      ? "There are no such images here."
      : [
          ...images.map(({ id, names, size }) =>
            [names.join(" ") || "(unnamed)", id.slice(0, 19), size ?? ""].join("  ").trim(),
          ),
          ...(more ? ["(more)"] : []),
        ].join("\n"),
});
