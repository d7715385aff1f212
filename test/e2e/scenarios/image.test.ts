import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { validate } from "dockerfile-utils";
import { expect } from "vitest";
import { callTool } from "../harness/clients.ts";
import { effective, environment, readDockerfile, repository, words } from "../harness/dockerfile.ts";
import { startNode } from "../harness/nodes.ts";
import { runToEnd } from "../harness/processes.ts";
import { verifies } from "../verifies.ts";

const files = ["docker/Dockerfile", "docker/examples/own-tools/Dockerfile"];

verifies(["EX-06"], "the linter finds nothing in our Dockerfiles", async () => {
  for (const path of files) {
    const { text } = await readDockerfile(path);
    const found = validate(text).map(({ range, message }) => ({ line: range.start.line + 1, message }));
    expect([path, found]).toEqual([path, []]);
  }
});

verifies(["EX-06"], "user, forms and health check are what a cluster asks for", async () => {
  const dockerfile = await readDockerfile("docker/Dockerfile");
  expect(effective(dockerfile, "mcpserver", "USER")).toMatch(/^[1-9]\d*:0$/);
  expect(words(effective(dockerfile, "mcpserver", "ENTRYPOINT"))[0]).toBe("node");
  expect(effective(dockerfile, "mcpserver", "EXPOSE")?.split(" ")).toContain("8089");
  const probe = /CMD (\[.+\])$/.exec(effective(dockerfile, "mcpserver", "HEALTHCHECK") ?? "")?.[1];
  expect(words(probe)).toEqual(["node", "/app/health.mjs"]);
  expect(effective(dockerfile, "program", "HEALTHCHECK")).toBeUndefined();
  expect(effective(dockerfile, "server", "CMD")).toBeUndefined();
  expect(dockerfile.stages.flat().filter(({ keyword }) => keyword === "ADD")).toEqual([]);
  expect(environment(effective(dockerfile, "mcpserver", "ENV"))).toMatchObject({ MCPSERVER_HOST: "0.0.0.0" });
});

verifies(["EX-06"], "neither the Dockerfiles nor what is copied into the build hold a secret", async () => {
  for (const path of files) {
    const { stages } = await readDockerfile(path);
    const set = stages.flat().filter(({ keyword }) => ["ENV", "ARG", "LABEL"].includes(keyword));
    expect(set.filter(({ text }) => /token|secret|password|key=/i.test(text))).toEqual([]);
  }
  const ignored = (await readFile(join(repository, ".dockerignore"), "utf8")).split("\n");
  expect(ignored).toEqual(expect.arrayContaining([".git", ".env", "docker/secrets", "**/*.key"]));
});

verifies(
  ["EX-08"],
  "without --insecure a command of your own is refused until a credential is there",
  async () => {
    const dockerfile = await readDockerfile("docker/Dockerfile");
    const env = environment(effective(dockerfile, "mcpserver", "ENV"));
    const command = words(effective(dockerfile, "mcpserver", "CMD"));
    expect(command).toContain("--insecure");
    const refused = await runToEnd(["start", "--port", "0"], { env });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/MCPSERVER_TOKEN/);
  },
);

verifies(["EX-10"], "the tools of the image built on ours load and answer", async () => {
  const { stages } = await readDockerfile("docker/examples/own-tools/Dockerfile");
  const last = stages.at(-1) ?? [];
  const copied = last.find(({ keyword }) => keyword === "COPY")?.text.split(" ") ?? [];
  const command = words(last.find(({ keyword }) => keyword === "CMD")?.text);
  expect(command.slice(0, 3)).toEqual(["start", "--strict", "--tool-module"]);
  expect(command[3]).toBe(copied[1]);
  expect(last.some(({ keyword, text }) => keyword === "USER" && /^(?:root|0)/.test(text))).toBe(false);
  const source = join(repository, "docker/examples/own-tools", copied[0] ?? "");
  const node = await startNode({ strict: true, toolModule: [source] });
  expect((await callTool(node, "node_hours", { nodes: 4, minutes: 90 })).value).toEqual({ node_hours: 6 });
});

verifies(
  ["EX-13"],
  "make builds the image, and each target is a command the documents give",
  async ({ skip }) => {
    const make = (...targets: string[]) =>
      promisify(execFile)("make", ["-n", ...targets], { cwd: repository }).then(({ stdout }) =>
        stdout.trim(),
      );
    const first = await make().catch((error: { code?: unknown }) => {
      if (error.code === "ENOENT") return skip("There is no make here.");
      throw error;
    });
    expect(first).toBe("docker build -f docker/Dockerfile -t parley-mcpserver .");
    const readme = await readFile(join(repository, "docker/README.md"), "utf8");
    expect(readme).toContain(first);
    expect(await make("run")).toBe("docker run --rm -p 127.0.0.1:8089:8089 parley-mcpserver");
    expect(await make("test")).toBe("npm test");
    expect(await make("demo")).toBe("npm run demo");
    expect(await make("up")).toMatch(/compose -f docker\/compose\.yaml up --build$/);
  },
);
