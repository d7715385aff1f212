import { redact } from "@parley/exec";
import { z } from "zod";
import { operation } from "../../operation.ts";
import { recordAt, textAt } from "../../records.ts";
import { EngineChoice, engineNames, findEngine } from "../engine.ts";
import { ImageOrId } from "../image-reference.ts";
import { inspectImage, texts } from "../inspect-image.ts";
import { looksSecret } from "../secret-names.ts";

/** Inspects an image. */
export const dockerInspectImage = operation({
  name: "docker_inspect_image",
  description: "Says what an image of this machine is: platform, size, digests, command, user, variables.",
  toolset: "containers",
  effect: "read",
  openWorld: false,
  input: z.strictObject({
    uri: ImageOrId.describe("Image by name or id, for example: lammps"),
    engine: EngineChoice,
  }),
  output: z.object({
    id: z.string(),
    names: z.array(z.string()),
    digests: z.array(z.string()),
    platform: z.string(),
    created: z.string().optional(),
    size_bytes: z.number().optional(),
    entrypoint: z.array(z.string()),
    command: z.array(z.string()),
    /** Values that look like secrets are hidden. */
    environment: z.array(z.string()),
    user: z.string(),
    working_directory: z.string(),
    labels: z.record(z.string(), z.string()),
    engine: z.enum(engineNames),
  }),
  async run({ uri, engine }, call) {
    const found = await findEngine(call, { wanted: engine, doing: "inspect images" });
    const image = await inspectImage(call, found.name, uri);
    const { config, created, sizeBytes } = image;
    const labels = Object.entries(recordAt(config, "Labels"));
    return {
      id: image.id ?? "",
      names: [...image.names],
      digests: [...image.digests],
      platform: image.platform,
      ...(created === undefined ? {} : { created }),
      ...(sizeBytes === undefined ? {} : { size_bytes: sizeBytes }),
      entrypoint: texts(config, "Entrypoint"),
      command: texts(config, "Cmd"),
      environment: texts(config, "Env").map(hideValue),
      user: textAt(config, "User") ?? "",
      working_directory: textAt(config, "WorkingDir") ?? "",
      labels: Object.fromEntries(labels.map(([key, value]) => [key, redact(String(value))])),
      engine: found.name,
    };
  },
  say: ({ id, names, platform, entrypoint, command, user }) =>
    [
      `${names[0] ?? id}: ${platform}, ${/^(?:root|0)?$/.test(user) ? "runs as root" : `runs as ${user}`}`,
      `starts ${JSON.stringify([...entrypoint, ...command])}`,
    ].join("\n"),
});

function hideValue(variable: string): string {
  const [name = ""] = variable.split("=", 1);
  return looksSecret(name) ? `${name}=[redacted]` : redact(variable);
}
