import { z } from "zod";
import { executeOrThrow } from "../../execute.ts";
import { operation } from "../../operation.ts";
import { engineVariables } from "../engine.ts";
import { ImageReference } from "../image-reference.ts";

/** Copies an image into the nodes of a kind cluster. */
export const kindLoad = operation({
  name: "kind_load",
  description:
    "Copies a local docker image into the nodes of a kind cluster, so that its pods can use it without a registry.",
  toolset: "containers-write",
  effect: "write",
  idempotent: true,
  openWorld: false,
  task: "optional",
  input: z.strictObject({
    uri: ImageReference.describe("Image of this machine, for example: lammps:2026"),
    load_type: z
      .literal("docker-image")
      .default("docker-image")
      .describe("What is loaded, for example: docker-image"),
    cluster: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{0,62}$/)
      .default("kind")
      .describe("Name of the kind cluster, for example: kind"),
  }),
  output: z.object({ image: z.string(), cluster: z.string() }),
  async run({ uri, load_type, cluster }, call) {
    const argv = ["kind", "load", load_type, uri, `--name=${cluster}`];
    await executeOrThrow(call, argv, { pass: [...engineVariables, "KIND_*"], timeoutMs: 600_000 });
    return { image: uri, cluster };
  },
  say: ({ image, cluster }) => `${image} is on the nodes of ${cluster}.`,
});
