import {
  createConfig,
  deleteConfig,
  directoryConfigs,
  getConfig,
  getJobByRepository,
  listConfigs,
  memoryConfigs,
  type ConfigStore,
  updateConfig,
} from "@parley/nomad";
import * as fc from "fast-check";
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-configs-"));
});
afterAll(() => rm(folder, { recursive: true }));

const stores: [string, () => ConfigStore][] = [
  ["memoryConfigs", memoryConfigs],
  ["directoryConfigs", () => directoryConfigs(join(folder, "inner"))],
];

describe.each(stores)("%s", (_name, create) => {
  it("creates, shows, changes and forgets", async () => {
    const configs = create();
    const options = { configs, env: {}, now: () => 1_795_172_551_504 };
    await createConfig(
      {
        name: "web",
        job_id: "web",
        repository: "git@github.com:acme/web.git",
        variables: { key: "hunter2" },
      },
      options,
    );
    expect(await listConfigs({}, options)).toEqual({
      configs: [
        {
          name: "web",
          job_id: "web",
          repository: "github.com/acme/web",
          meta: {},
          enabled: true,
          has_spec: false,
          updated_at: "2026-11-20T11:02:31.504Z",
        },
      ],
    });
    await expect(createConfig({ name: "web", job_id: "x" }, options)).rejects.toMatchObject({
      code: "E_OBJECT_CONFLICT",
    });
    await updateConfig({ name: "web", spec_source: 'job "web" {}', enabled: false }, options);
    expect(await getConfig({ name: "web" }, options)).toMatchObject({
      spec_source: 'job "web" {}',
      variable_names: ["key"],
    });
    expect(JSON.stringify(await getConfig({ name: "web" }, options))).not.toContain("hunter2");
    expect((await listConfigs({ enabled_only: true }, options)).configs).toEqual([]);
    await deleteConfig({ name: "web", confirm: true }, options);
    expect(await configs.list()).toEqual([]);
    expect(await configs.remove("web")).toBe(false);
  });
});

describe("directoryConfigs", () => {
  it("keeps whole files of mode 600 and names the one it cannot read", async () => {
    const configs = directoryConfigs(folder);
    const env = { NOMAD_CONFIG_DIR: folder };
    await createConfig({ name: "a", job_id: "a" }, { env });
    expect((await stat(join(folder, "a.json"))).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).filter((name) => name.endsWith(".draft"))).toEqual([]);
    expect(JSON.parse(await readFile(join(folder, "a.json"), "utf8"))).toMatchObject({ job_id: "a" });
    await writeFile(join(folder, "b.json"), "{");
    await expect(configs.list()).rejects.toMatchObject({
      code: "E_CONFIG_INVALID",
      message: expect.stringContaining("b.json"),
    });
    await writeFile(join(folder, "b.json"), "{}");
    await expect(configs.get("b")).rejects.toMatchObject({ code: "E_CONFIG_INVALID" });
    await rm(join(folder, "b.json"));
    await expect(configs.get("../a")).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
  });

  it("says where to put them when nobody did", async () => {
    await expect(listConfigs({}, { env: {} })).rejects.toMatchObject({
      code: "E_CONFIG_INVALID",
      message: expect.stringContaining("NOMAD_CONFIG_DIR"),
    });
  });
});

/** A repository as it is kept, or why it is not. */
async function normalize(repository: string): Promise<string> {
  const fresh = { env: {}, configs: memoryConfigs() };
  return createConfig({ name: "x", job_id: "x", repository }, fresh).then(
    (config) => config.repository ?? "",
    (error: unknown) => `refused ${String(Object(error).code)}`,
  );
}

describe("repositories", () => {
  it.each([
    "git@github.com:acme/web.git",
    "ssh://git@github.com:22/acme/web",
    "https://user:pw@GitHub.com/acme/web.git/",
    "github.com/acme/web",
    "acme/web",
  ])("finds the job of %s", async (repository) => {
    const configs = memoryConfigs();
    const options = { configs, env: { NOMAD_NAMESPACE: "prod" } };
    await createConfig({ name: "web", job_id: "web", repository: "https://github.com/acme/web" }, options);
    expect(await getJobByRepository({ repository }, options)).toMatchObject({
      job_id: "web",
      namespace: "prod",
      repository: "github.com/acme/web",
    });
  });

  it("lists the candidates of an ambiguous one", async () => {
    const options = { configs: memoryConfigs(), env: {} };
    await createConfig({ name: "one", job_id: "web", repository: "github.com/acme/web" }, options);
    await createConfig(
      { name: "two", job_id: "web", repository: "github.com/acme/web", namespace: "dev" },
      options,
    );
    const ambiguous = getJobByRepository({ repository: "acme/web" }, options);
    await expect(ambiguous).rejects.toMatchObject({
      code: "E_OBJECT_CONFLICT",
      message: expect.stringMatching(/one.*two/),
    });
    expect(await getJobByRepository({ repository: "acme/web", namespace: "dev" }, options)).toMatchObject({
      config: "two",
    });
    await expect(
      createConfig({ name: "three", job_id: "x", repository: "github.com/acme/web" }, options),
    ).rejects.toThrow(/one already/);
  });

  it("answers any text with a name or a refusal, and a name stays itself", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 3 }), async (repository) => {
        const once = await normalize(repository);
        const refused = once === "refused E_ARGUMENT_INVALID";
        expect(refused || (await normalize(once)) === once).toBe(true);
      }),
    );
  });
});
