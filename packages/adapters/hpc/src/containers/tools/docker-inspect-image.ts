import { ParleyError } from "@parley/core";
import { redact } from "@parley/exec";
import { z } from "zod";
import { execute, programError } from "../../execute.ts";
import { operation } from "../../operation.ts";
import { EngineChoice, engineNames, engineVariables, findEngine } from "../engine.ts";
import { ImageOrId } from "../image-reference.ts";
import { looksSecret } from "../secret-names.ts";

const Config = z.object({
  Entrypoint: z.array(z.string()).nullish(),
  Cmd: z.array(z.string()).nullish(),
  Env: z.array(z.string()).nullish(),
  User: z.string().nullish(),
  WorkingDir: z.string().nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
});

const Inspected = z.object({
  Id: z.string(),
  RepoTags: z.array(z.string()).nullish(),
  RepoDigests: z.array(z.string()).nullish(),
  Architecture: z.string().nullish(),
  Os: z.string().nullish(),
  Created: z.string().nullish(),
  Size: z.number().nullish(),
  Config: Config.nullish(),
});

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
    const found = await findEngine(call, {
      wanted: engine,
      able: ["docker", "podman"],
      doing: "inspect images",
    });
    const result = await execute(call, [found.name, "image", "inspect", uri], { pass: engineVariables });
    if (!result.ok && /no such image|not known|not found/i.test(result.stderr)) {
      throw new ParleyError("E_OBJECT_UNKNOWN", `There is no image ${uri} on this machine.`);
    }
    if (!result.ok) throw programError(result);
    const [image] = z.array(Inspected).parse(JSON.parse(result.stdout));
    if (image === undefined)
      throw new ParleyError("E_OBJECT_UNKNOWN", `There is no image ${uri} on this machine.`);
    const { Config: config } = image;
    return {
      id: `sha256:${image.Id.replace(/^sha256:/, "")}`,
      names: image.RepoTags ?? [],
      digests: image.RepoDigests ?? [],
      platform: [image.Os ?? "unknown", image.Architecture ?? "unknown"].join("/"),
      ...(typeof image.Created === "string" ? { created: image.Created } : {}),
      ...(typeof image.Size === "number" ? { size_bytes: image.Size } : {}),
      entrypoint: config?.Entrypoint ?? [],
      command: config?.Cmd ?? [],
      environment: (config?.Env ?? []).map(hideValue),
      user: config?.User ?? "",
      working_directory: config?.WorkingDir ?? "",
      labels: config?.Labels ?? {},
      engine: found.name,
    };
  },
  say: ({ id, names, platform, entrypoint, command, user }) =>
    [
      `${names[0] ?? id}: ${platform}, ${user === "" || user === "root" || user === "0" ? "runs as root" : `runs as ${user}`}`,
      `starts ${JSON.stringify([...entrypoint, ...command])}`,
    ].join("\n"),
});

function hideValue(variable: string): string {
  const [name = ""] = variable.split("=", 1);
  return looksSecret(name) ? `${name}=[redacted]` : redact(variable);
}
