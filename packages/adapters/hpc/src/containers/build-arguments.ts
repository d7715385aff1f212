import { ParleyError } from "@parley/core";
import { redact } from "@parley/exec";
import { z } from "zod";
import type { Call } from "../call.ts";
import { TimeoutSeconds } from "../arguments.ts";
import { EngineChoice } from "./engine.ts";
import { ImageReference } from "./image-reference.ts";
import { looksSecret } from "./secret-names.ts";

const variable = /^[A-Za-z_]\w{0,127}$/;

/** A Dockerfile as text, or as its lines as hpc-mcp has it. */
export const DockerfileText = z
  .union([z.string().min(1).max(500_000), z.array(z.string().max(100_000)).min(1).max(10_000)])
  .transform((given) => stripFences(typeof given === "string" ? given : given.join("\n")))
  .describe('The Dockerfile, as text or as lines, for example: ["FROM debian:12", "RUN true"]');

/** The text inside a Markdown fence, when all of it stands in one. */
function stripFences(text: string): string {
  const [, inner] = /^\s*```[\w-]*\r?\n([\s\S]*?)\r?\n?```\s*$/.exec(text) ?? [];
  return `${(inner ?? text).trimEnd()}\n`;
}

/** The arguments of a build. */
export const BuildArguments = z.strictObject({
  dockerfile: DockerfileText,
  uri: ImageReference.default("lammps").describe("Name of the image, for example: ghcr.io/lab/lammps:2026"),
  platforms: z
    .string()
    .regex(/^[a-z0-9]+(?:\/[a-z0-9.]+){1,2}(?:,[a-z0-9]+(?:\/[a-z0-9.]+){1,2}){0,7}$/)
    .optional()
    .describe("Platforms to build for, separated by commas, for example: linux/arm64"),
  build_args: z
    .record(z.string().regex(variable), z.string().max(4000))
    .default({})
    .describe('Values of ARG; never secrets; for example: {"LAMMPS_VERSION": "29Aug2024"}'),
  secrets: z
    .record(z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/), z.string().regex(variable))
    .default({})
    .describe(
      'Secrets for RUN --mount=type=secret: id and the variable of the server that holds it; for example: {"hf": "HF_TOKEN"}',
    ),
  files: z
    .record(z.string(), z.string())
    .default({})
    .describe('Text files of the build context by relative path, for example: {"run.sh": "#!/bin/sh"}'),
  target: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,127}$/i)
    .optional()
    .describe("Stage to stop at, for example: build"),
  network: z
    .enum(["default", "host", "none"])
    .default("default")
    .describe("Network of RUN steps, for example: none"),
  pull: z.boolean().default(false).describe("Fetches the base image even if it is here, for example: true"),
  no_cache: z.boolean().default(false).describe("Builds every step again, for example: true"),
  engine: EngineChoice,
  timeout_seconds: TimeoutSeconds.default(3600),
  as_dict: z
    .boolean()
    .optional()
    .describe(
      "Taken for callers of hpc-mcp and without effect: the result is always an object; for example: true",
    ),
});
export type BuildArguments = z.output<typeof BuildArguments>;

/** @throws `E_ARGUMENT_INVALID` for a build argument that is a secret: it would stand in argv and in the image */
export function checkBuildArgs(args: Readonly<Record<string, string>>): void {
  const secret = Object.entries(args).find(([name, value]) => looksSecret(name) || redact(value) !== value);
  if (secret === undefined) return;
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `Build argument ${secret[0]} looks like a secret and would be readable in the image and in the list of processes: use secrets and RUN --mount=type=secret.`,
  );
}

/**
 * Values of the secrets of a build, by id. Only variables the operator named may be handed to a build.
 * @throws `E_AUTH_FORBIDDEN`, `E_CONFIG_INVALID`
 */
export function readSecrets(call: Call, wanted: Readonly<Record<string, string>>): Record<string, string> {
  const allowed =
    call.options.buildSecrets ?? (call.env["HPC_BUILD_SECRETS"] ?? "").split(",").map((name) => name.trim());
  return Object.fromEntries(
    Object.entries(wanted).map(([id, name]) => {
      if (!allowed.includes(name)) {
        const message = `The variable ${name} may not be given to a build: the operator allows such by HPC_BUILD_SECRETS.`;
        throw new ParleyError("E_AUTH_FORBIDDEN", message);
      }
      const value = call.env[name];
      if (value !== undefined && value !== "") return [id, value];
      throw new ParleyError("E_CONFIG_INVALID", `The variable ${name} of the server is not set.`);
    }),
  );
}
