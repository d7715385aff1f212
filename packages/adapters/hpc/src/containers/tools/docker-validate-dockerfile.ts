import { z } from "zod";
import { operation } from "../../operation.ts";
import { DockerfileText } from "../build-arguments.ts";
import { Finding } from "../dockerfile/finding.ts";
import { validateDockerfile } from "../dockerfile/validate-dockerfile.ts";

const maxFindings = 200;

/** Validates a Dockerfile. */
export const dockerValidateDockerfile = operation({
  name: "docker_validate_dockerfile",
  description:
    "Says what is wrong with a Dockerfile, line by line, without building it: syntax, unpinned bases, secrets, package " +
    "managers, root, stages, and CUDA, ROCm and MPI that do not fit their base.",
  toolset: "containers",
  effect: "read",
  openWorld: false,
  input: z.strictObject({
    dockerfile: DockerfileText,
    min_level: z
      .enum(["error", "warning", "info"])
      .default("info")
      .describe("Leaves out what matters less, for example: warning"),
  }),
  output: z.object({
    /** Whether there is no error. */
    valid: z.boolean(),
    errors: z.number().int(),
    warnings: z.number().int(),
    findings: z.array(Finding),
  }),
  run({ dockerfile, min_level }) {
    const found = validateDockerfile(dockerfile);
    const count = (wanted: Finding["level"]): number => found.filter(({ level }) => level === wanted).length;
    const levels = ["error", "warning", "info"];
    const shown = found.filter(({ level }) => levels.indexOf(level) <= levels.indexOf(min_level));
    return Promise.resolve({
      valid: count("error") === 0,
      errors: count("error"),
      warnings: count("warning"),
      findings: shown.slice(0, maxFindings),
    });
  },
  say: ({ findings, errors, warnings }) =>
    [
      `${String(errors)} errors, ${String(warnings)} warnings.`,
      ...findings.map(
        ({ line, level, message, rule }) => `line ${String(line)}: ${level}: ${message} [${rule}]`,
      ),
    ].join("\n"),
});
