import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { ExitCode, JobState, errorTable } from "@parley/core";
import { root, text } from "./_workspace.ts";

const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\0")
  .filter((path) => path !== "" && existsSync(join(root, path)));

test("every error code, exit code and job state is on its page", () => {
  const errors = text("docs/reference/errors.md");
  expect(Object.keys(errorTable).filter((code) => !errors.includes(`| \`${code}\` |`))).toEqual([]);
  expect(Object.values(ExitCode).filter((code) => !errors.includes(`| ${code} | `))).toEqual([]);
  const states = text("docs/job-states.md");
  expect(JobState.options.filter((state) => !states.includes(`| \`${state}\` `))).toEqual([]);
});

test("links between documents lead somewhere", () => {
  const broken = tracked
    .filter((path) => path.endsWith(".md") && !path.startsWith(".changeset/"))
    .flatMap((path) => {
      const prose = text(path).replaceAll(/```[\s\S]*?```/g, "");
      const targets = [...prose.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = ""]) => target);
      return targets
        .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(path), target)))
        .map((target) => `${path}: ${target}`);
    });
  expect(broken).toEqual([]);
});

describe("images", () => {
  const Compose = z.object({
    services: z.record(
      z.string(),
      z.object({
        command: z.array(z.string()),
        environment: z.record(z.string(), z.string()),
        build: z.object({ context: z.string(), dockerfile: z.string() }),
      }),
    ),
  });
  const dockerfile = text("docker/Dockerfile");

  test("compose parses, names an existing Dockerfile, and holds no secret", () => {
    const { services } = Compose.parse(parse(text("docker/compose.yaml"), { merge: true }));
    expect(Object.keys(services)).toHaveLength(3);
    for (const { build } of Object.values(services)) {
      expect(existsSync(join(root, build.dockerfile))).toBe(true);
    }
    const secrets = Object.values(services)
      .flatMap(({ environment }) => Object.entries(environment))
      .filter(([name]) => /SECRET|TOKEN/.test(name));
    expect(secrets.length).toBeGreaterThan(3);
    expect(secrets.filter(([, value]) => !value.startsWith("/run/secrets/"))).toEqual([]);
  });

  test("flags in compose are flags that exist", () => {
    const { services } = Compose.parse(parse(text("docker/compose.yaml"), { merge: true }));
    const commands = text("docs/reference/cli.md");
    const flags = Object.values(services).flatMap(({ command }) =>
      command.filter((word) => word.startsWith("--")),
    );
    expect(flags.filter((flag) => !commands.includes(flag))).toEqual([]);
  });

  test("the Dockerfile runs as nobody special, checks health, and copies what exists", () => {
    expect(dockerfile).toMatch(/^USER \d+:0$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
    expect(dockerfile).toMatch(/^EXPOSE 8000 8089$/m);
    expect(dockerfile).not.toMatch(/\b(?:ADD|sudo|curl)\b|:latest/);
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(\S+)/gm)].map(([, path = ""]) => path);
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
