import { ParleyError } from "@parley/core";
import { readDockerfile } from "./dockerfile/read-dockerfile.ts";

/**
 * A Dockerfile given as text has no folder beside it: what it copies must be among the files given with it.
 * @throws `E_ARGUMENT_INVALID`
 */
export function checkContext(build: {
  readonly dockerfile: string;
  readonly files: Readonly<Record<string, string>>;
}): void {
  const given = Object.keys(build.files);
  if (given.length > 0) return;
  const first = readDockerfile(build.dockerfile)
    .stages.flatMap(({ steps }) => steps)
    .find(({ keyword, flags, text }) => {
      if (flags.has("from") || text.includes("<<")) return false;
      return keyword === "COPY" || (keyword === "ADD" && !/https?:\/\/|git@/.test(text));
    });
  if (first === undefined) return;
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `Line ${String(first.line)} copies ${first.text.slice(0, 100)} and the build context is empty: give the files as files, or fetch them in a RUN.`,
  );
}
