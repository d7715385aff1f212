import { definePrompt, defineTool } from "@parley/tool-registry";
import { validate } from "dockerfile-utils";
import { z } from "zod";

/** What the language server protocol calls an error; the linter gives nothing else but warnings, 2. */
const errorSeverity = 1;

export const docker_build_persona_prompt = definePrompt({
  name: "docker_build_persona_prompt",
  description: "The role of somebody who writes Dockerfiles for scientific software.",
  input: z.object({
    application: z.string().describe("What the image is for, for example: lammps"),
    environment: z
      .string()
      .default("CPU")
      .describe("Where it will run, for example: a Slurm cluster with A100"),
  }),
  handler: ({ application, environment }) =>
    [
      `You build container images for scientific software. Write a Dockerfile for ${application}, to run on: ${environment}.`,
      "Name every version, build in a first stage and copy only what runs into the last one, and do not run as root.",
      "Check the text with the tool lint_dockerfile and mend what it finds before you answer.",
      "Answer with the Dockerfile alone, in one fenced block.",
    ].join("\n"),
});

export const lint_dockerfile = defineTool({
  name: "lint_dockerfile",
  description: "Says what is wrong with a Dockerfile, line by line, without building it.",
  input: z.object({
    dockerfile: z.string().min(1).max(200_000).describe("The text, for example: FROM debian:12"),
  }),
  output: z.object({
    ok: z.boolean().describe("Whether there is no error; warnings do not count"),
    findings: z.array(
      z.object({ line: z.number().int(), level: z.enum(["error", "warning"]), message: z.string() }),
    ),
  }),
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  handler: ({ dockerfile }) => {
    const findings = validate(dockerfile).map(({ range, severity, message }) => ({
      line: range.start.line + 1,
      level: severity === errorSeverity ? ("error" as const) : ("warning" as const),
      message: typeof message === "string" ? message : message.value,
    }));
    return { ok: findings.every(({ level }) => level !== "error"), findings };
  },
});
