import type { Check, Finding } from "./finding.ts";
import type { Stage } from "./read-dockerfile.ts";

/** Bases without a tag, with `latest`, or without a digest change under the same Dockerfile. */
export const checkBaseImages: Check = ({ stages }) => stages.flatMap(checkBase);

function checkBase({ image, line, parent }: Stage): Finding[] {
  if (parent !== undefined || image === "" || image.toLowerCase() === "scratch") return [];
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return [];
  if (image.includes("$")) return [];
  const tag = /:([\w][\w.-]{0,127})$/.exec(image)?.[1];
  if (tag === undefined || tag === "latest") {
    const what = tag === undefined ? `${image} has no tag` : `${image} is whatever was pushed last`;
    return [{ line, level: "warning", rule: "base-unpinned", message: `${what}: name a version.` }];
  }
  return [
    {
      line,
      level: "info",
      rule: "base-digest",
      message: `${image} may be pushed again: append @sha256:... where the build must be repeatable.`,
    },
  ];
}
