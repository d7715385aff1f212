import { checkTensorPool, createTensorPool, jobPush, leaseList } from "@parley/tensorpool";
import { createRegistry, toolContext } from "@parley/tool-registry";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { withDotenv } from "../src/dotenv.ts";
import { goodKey } from "./_fake-engine.ts";
import { type Way, type World, makeWorld } from "./_world.ts";

let world: World;
afterEach(() => world.close());

/** The payloads of the Python server's README, word for word. */
const payloads = [
  `{"method":"tools/call","params":{"name":"job_write_config","arguments":{
    "workdir":".",
    "instance_type":"1xH100",
    "commands":["pip install -r requirements.txt","python train.py"],
    "outputs":["checkpoints/"],
    "ignore":[".venv"],
    "filename":"tp.config.toml"
  }}}`,
  `{"method":"tools/call","params":{"name":"job_push","arguments":{
    "config_path":"tp.config.toml"
  }}}`,
  `{
    "method": "tools/call",
    "params": {
      "name": "cluster_destroy",
      "arguments": {"cluster_id": "c-123", "confirm": true, "wait": false}
    }
  }`,
];

describe.each(["http", "0.0.6", "0.0.9"] satisfies Way[])("through %s", { timeout: 60_000 }, (way) => {
  it("[TPL-03] the payloads for the Inspector work", async () => {
    world = await makeWorld(way);
    const { clusters, jobs } = world.engine.state;
    clusters.set("c-123", { id: "c-123", name: "old", type: "1xH100", nodes: 1, keys: [], protected: false });
    const toolkit = createTensorPool({ ...world.options, schedule: () => () => {} });
    const registry = createRegistry();
    registry.replace(toolkit.origin, toolkit);
    for (const payload of payloads) {
      const { params } = JSON.parse(payload);
      const result = await registry.call(params.name, params.arguments, toolContext());
      expect([params.name, result.isError ?? false, result.content]).toEqual([
        params.name,
        false,
        expect.anything(),
      ]);
    }
    expect(clusters.has("c-123")).toBe(false);
    const [job] = jobs.values();
    expect(job?.config).toContain("pip install -r requirements.txt");
    // A current engine wants a cluster: one was made as the file says, and goes with the job.
    expect([...clusters.values()]).toMatchObject(way === "0.0.6" ? [] : [{ type: "1xH100" }]);
    expect(job?.teardown).toBe(way !== "0.0.6");
    await toolkit.close();
  });
});

describe("a job without a cluster", { timeout: 60_000 }, () => {
  it("whose file names no instance type is refused with the clusters there are", async () => {
    world = await makeWorld("http");
    await writeFile(join(world.folder, "a.tp.toml"), 'commands = ["true"]\n');
    await expect(jobPush({ config_path: "a.tp.toml" }, world.options)).rejects.toThrow(
      /you have no cluster; make one/,
    );
    world.engine.state.clusters.set("c-7", {
      id: "c-7",
      name: "x",
      type: "1xH100",
      nodes: 1,
      keys: [],
      protected: false,
    });
    await expect(jobPush({ config_path: "a.tp.toml" }, world.options)).rejects.toThrow(
      "job_push needs cluster_id, for the job file has no instance_type to make a cluster of: you have c-7.",
    );
  });

  it("whose push fails leaves no cluster behind", async () => {
    world = await makeWorld("http", { mischief: { pushCommand: "rsync -a . somewhere" } });
    await writeFile(join(world.folder, "a.tp.toml"), 'instance_type = "1xH100"\ncommands = ["true"]\n');
    const error: unknown = await jobPush({ config_path: "a.tp.toml" }, world.options).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: "E_ENGINE_REFUSED",
      message: expect.stringMatching(/nothing was run.* Cluster c-\d+, made for it, is being destroyed\.$/),
      details: { cluster_id: expect.stringMatching(/^c-/) },
    });
    expect(world.engine.state.clusters.size).toBe(0);
    expect((await leaseList({}, world.options)).leases).toEqual([]);
  });
});

describe("[TPL-11] the key", () => {
  it.each([
    { TENSORPOOL_KEY: goodKey },
    { TENSORPOOL_KEY: undefined, TENSORPOOL_API_KEY: goodKey },
    { TENSORPOOL_KEY: " ", TENSORPOOL_API_KEY: goodKey },
  ])("comes from %j", async (env) => {
    world = await makeWorld("http", { env });
    expect(await checkTensorPool(world.options)).toMatchObject({ ok: true });
  });

  it("is filled in from .env, which overrides nothing and decides neither where it goes nor what runs", async () => {
    world = await makeWorld("http");
    const path = join(world.folder, ".env");
    await writeFile(
      path,
      [
        "# local",
        "TENSORPOOL_API_KEY='from-file'",
        "TENSORPOOL_LEASE_HOURS=3",
        "TENSORPOOL_BACKEND=cli",
        "TENSORPOOL_ENGINE=https://evil.example.org",
        "TENSORPOOL_ALLOW_COMMANDS=1",
        "PATH=/evil",
      ].join("\n"),
    );
    const found = await withDotenv({ PATH: "/bin", TENSORPOOL_BACKEND: "http" }, path);
    expect(found.env).toEqual({
      PATH: "/bin",
      TENSORPOOL_BACKEND: "http",
      TENSORPOOL_API_KEY: "from-file",
      TENSORPOOL_LEASE_HOURS: "3",
    });
    expect(found.ignored.toSorted()).toEqual(["TENSORPOOL_ALLOW_COMMANDS", "TENSORPOOL_ENGINE"]);
    expect((await withDotenv({ TENSORPOOL_KEY: "mine" }, path)).env["TENSORPOOL_API_KEY"]).toBeUndefined();
    expect(await withDotenv({ A: "b" }, join(world.folder, "none"))).toEqual({
      env: { A: "b" },
      taken: [],
      ignored: [],
    });
    await expect(withDotenv({}, world.folder)).rejects.toThrow(/cannot be read/);
  });
});

describe("[TPL-12] the check", { timeout: 60_000 }, () => {
  it("says of program, network and key that they are good", async () => {
    world = await makeWorld("0.0.9");
    const { ok, sentences } = await checkTensorPool(world.options);
    expect(ok).toBe(true);
    expect(sentences).toEqual([
      expect.stringMatching(/^The tp program is .*tp-0\.0\.9, version 0\.0\.9, of the current generation\.$/),
      `The engine ${world.engine.address} can be reached.`,
      "The key is good: ada@example.org, balance $12.50",
    ]);
  });

  it("says of each what is wrong with it", async () => {
    world = await makeWorld("0.0.9", {
      env: {
        TENSORPOOL_TP: "no-such-tp",
        TENSORPOOL_ENGINE: "http://127.0.0.1:9",
        TENSORPOOL_KEY: undefined,
      },
    });
    const { ok, sentences } = await checkTensorPool(world.options);
    expect(ok).toBe(false);
    expect(sentences).toEqual([
      expect.stringMatching(/^The 'tp' CLI was not found/),
      expect.stringMatching(/^The engine http:\/\/127\.0\.0\.1:9 cannot be reached/),
      expect.stringMatching(/^TENSORPOOL_API_KEY \(or TENSORPOOL_KEY\) is not set/),
    ]);
  });
});
