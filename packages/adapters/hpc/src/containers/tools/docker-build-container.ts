import { operation } from "../../operation.ts";
import { BuildArguments } from "../build-arguments.ts";
import { BuildResult, buildImage } from "../build.ts";

/** Builds an image. */
export const dockerBuildContainer = operation({
  name: "docker_build_container",
  description:
    "Builds a container image with docker, podman or buildah from a Dockerfile given as text, with progress; takes " +
    "minutes, and cancelling ends it. Nothing of this machine is in the build but the files given. Validate first.",
  toolset: "containers",
  effect: "write",
  task: "optional",
  input: BuildArguments,
  output: BuildResult,
  run: buildImage,
  say: ({ image, image_id, engine, duration_seconds, findings, log }) =>
    [
      `Built ${image}${image_id === undefined ? "" : ` (${image_id.slice(0, 19)})`} with ${engine} in ${duration_seconds.toFixed(1)} s.`,
      ...findings.map(({ line, level, message }) => `line ${String(line)}: ${level}: ${message}`),
      "The end of the log:",
      log.trimEnd(),
    ].join("\n"),
});
