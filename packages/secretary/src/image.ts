import { ParleyError } from "@parley/core";
import type { Facts, JobRequirements } from "@parley/core";
import { fittingRuntimes } from "./clauses/container.ts";
import { clip, list, plainName } from "./words.ts";

/** Runtimes a job can be wrapped in, the ones made for clusters first. */
const wrappable = ["apptainer", "singularity", "podman", "docker"];

/** Puts a program into the container image a request names; without an image it stays as it is. */
export function inImage(
  program: readonly string[],
  requirements: JobRequirements,
  facts: Facts,
): readonly string[] {
  const image = requirements.container?.image;
  if (image === undefined) return program;
  if (image === "" || image.startsWith("-") || /[\s\0]/.test(image)) {
    throw new ParleyError("E_DISPATCH_REFUSED", `"${clip(image, 80)}" is not the name of an image.`);
  }
  const runtimes = fittingRuntimes(requirements, facts).map(({ runtime }) => plainName(runtime));
  const asked = requirements.container?.runtimes?.length ?? 0;
  const order = asked > 0 ? runtimes : wrappable.filter((name) => runtimes.includes(name));
  const runtime = order.find((name) => wrappable.includes(name));
  if (runtime === undefined) {
    const have = runtimes.length === 0 ? "none was found" : `has ${list(runtimes)}`;
    throw new ParleyError(
      "E_DISPATCH_REFUSED",
      `The image needs one of ${list(wrappable)} at the site: ${have}. Name another site or run without the image.`,
    );
  }
  return [...prefix(runtime, image, { requirements, empty: program.length === 0 }), ...program];
}

function prefix(
  runtime: string,
  image: string,
  job: { readonly requirements: JobRequirements; readonly empty: boolean },
): readonly string[] {
  const gpu =
    job.requirements.gpu?.need === "required" ? (job.requirements.gpu.vendor ?? "nvidia") : undefined;
  if (runtime === "docker" || runtime === "podman") {
    return [runtime, "run", "--rm", ...(gpu === "nvidia" ? ["--gpus", "all"] : []), image];
  }
  const flags = gpu === "nvidia" ? ["--nv"] : gpu === "amd" ? ["--rocm"] : [];
  const remote = !image.includes("://") && !image.startsWith("/") && !image.endsWith(".sif");
  return [runtime, job.empty ? "run" : "exec", ...flags, remote ? `docker://${image}` : image];
}
