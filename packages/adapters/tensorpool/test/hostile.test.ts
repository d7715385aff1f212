import {
  clusterCreate,
  clusterInfo,
  clusterList,
  jobInfo,
  jobListen,
  jobPull,
  jobPush,
} from "@parley/tensorpool";
import type { CallOptions } from "@parley/tensorpool";
import { ParleyError } from "@parley/core";
import { createRun } from "@parley/exec";
import type { Run } from "@parley/exec";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type Mischief, goodKey } from "./_fake-engine.ts";
import { type Way, type World, makeWorld, realTp } from "./_world.ts";

const ways: readonly Way[] = ["http", "0.0.9", ...(realTp === undefined ? [] : (["real"] as const))];

let world: World;
afterEach(() => world.close());

/** A world with a running cluster, a job and a job file. */
async function prepare(way: Way, mischief: Mischief, env: Record<string, string> = {}): Promise<CallOptions> {
  world = await makeWorld(way, { mischief, env });
  const { clusters, jobs } = world.engine.state;
  clusters.set("c-1", { id: "c-1", name: "train", type: "1xH100", nodes: 1, keys: [], protected: false });
  jobs.set("j-1", {
    id: "j-1",
    cluster: "c-1",
    config: "",
    status: "completed",
    output: [],
    teardown: false,
  });
  await writeFile(join(world.folder, "a.tp.toml"), 'commands = ["true"]\n');
  return world.options;
}

async function failureOf(work: Promise<unknown>): Promise<ParleyError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!ParleyError.isInstance(error)) throw new Error(`No error of ours: ${String(error)}`);
  expect(JSON.stringify(error)).not.toContain(goodKey);
  expect(error.message).not.toMatch(/\n/);
  return error;
}

describe.each(ways)("a hostile engine, through %s", { timeout: 60_000 }, (way) => {
  it("[TPL-04] has no shell line run while a job is pushed", async () => {
    const options = await prepare(way, { pushCommand: "touch owned; echo $TENSORPOOL_KEY" });
    const error = await failureOf(jobPush({ config_path: "a.tp.toml", cluster_id: "c-1" }, options));
    expect(error).toMatchObject({ code: "E_ENGINE_REFUSED", details: { job_id: "j-0001" } });
    expect(error.message).toMatch(/"touch owned; echo .*", and nothing was run.*TENSORPOOL_ALLOW_COMMANDS=1/);
    expect((await world.files()).filter((name) => name.includes("owned"))).toEqual([]);
    await expect.poll(() => world.engine.state.commandResults).toMatchObject([{ exit_code: 126 }]);
  });

  it("[TPL-04] has none run while files are pulled", async () => {
    const options = await prepare(way, { pullCommand: "touch owned" });
    const error = await failureOf(jobPull({ job_id: "j-1" }, options));
    expect(error.message).toMatch(/run "touch owned", and nothing was run/);
    expect((await world.files()).filter((name) => name.includes("owned"))).toEqual([]);
  });

  it.each([
    "../escape.txt",
    "/tmp/escape.txt",
    "a/../../escape.txt",
    "C:\\escape.txt",
    "a//b",
    "./x",
    "a\nb",
  ])("[TPL-05] writes nothing when one path is %j", async (path) => {
    const options = await prepare(way, {});
    const good = `${world.engine.address}/files/log.txt`;
    world.engine.mischief.downloads = { "fine.txt": good, [path]: good };
    const error = await failureOf(jobPull({ job_id: "j-1" }, options));
    expect(error.message).toMatch(/^Nothing was pulled: the engine would write to/);
    expect((await world.files()).filter((name) => /escape|fine/.test(name))).toEqual([]);
  });

  it("[TPL-05] follows no link out of the folder", async () => {
    const options = await prepare(way, {});
    const outside = join(world.folder, "..", "outside");
    await mkdir(outside);
    await mkdir(join(world.folder, "j-1"));
    await symlink(outside, join(world.folder, "j-1", "checkpoints"));
    const error = await failureOf(jobPull({ job_id: "j-1", force: true }, options));
    expect(error.message).toMatch(/leads out of/);
    expect((await world.files()).filter((name) => name.startsWith("outside/"))).toEqual([]);
  });

  it("[TPL-15] that answers 500 is named, and its words are cleaned of the key", async () => {
    const options = await prepare(way, { status: 500, leak: `for ${goodKey} \u001b[31m` });
    const error = await failureOf(clusterList({}, options));
    expect(error).toMatchObject({ code: "E_ENGINE_UNREACHABLE", retryable: true, details: { status: 500 } });
    expect(error.message).toMatch(
      /^Could not list the clusters: the engine answered 500; .*\(Something broke for \[redacted\]/,
    );
  });

  it("[TPL-15] that answers no JSON is named", async () => {
    const options = await prepare(way, { text: "<html>" });
    expect(await failureOf(jobInfo({ job_id: "j-1" }, options))).toMatchObject({ code: "E_ENGINE_OUTPUT" });
  });

  it("[TPL-15] that hangs is given up when the caller gives up, and no process stays", async () => {
    const options = await prepare(way, { hang: true });
    const stop = new AbortController();
    const pids: number[] = [];
    const work = failureOf(
      clusterInfo({ cluster_id: "c-1" }, { ...options, signal: stop.signal, run: watched(pids) }),
    );
    await expect
      .poll(() => world.engine.seen.some(({ path }) => path === "/cluster/info/c-1"), { timeout: 60_000 })
      .toBe(true);
    stop.abort();
    expect(await work).toMatchObject({ code: "E_INTERRUPTED" });
  });

  it("[TPL-15] with a wrong key is a matter of the key", async () => {
    const options = await prepare(way, {}, { TENSORPOOL_KEY: "wrong-key-0123456789" });
    const error = await failureOf(clusterList({}, options));
    expect(error).toMatchObject({ code: "E_ENGINE_FORBIDDEN" });
    expect(error.message).toMatch(/check the key in TENSORPOOL_KEY/);
    expect(error.message).not.toContain("wrong-key");
  });
});

/** A `run` that notes what it was given. */
function watched(pids: unknown[], seen: { argv: readonly string[]; env: unknown }[] = []): Run {
  const run = createRun();
  return async (argv, options) => {
    seen.push({ argv, env: options?.env });
    const result = await run(argv, options);
    pids.push(result.exitCode);
    return result;
  };
}

describe("what tp is given", { timeout: 60_000 }, () => {
  it("[TPL-06] is neither the key nor anything else of the environment", async () => {
    const options = await prepare("0.0.9", {}, { AWS_SECRET_ACCESS_KEY: "aws-secret" });
    const seen: { argv: readonly string[]; env: unknown }[] = [];
    await clusterCreate({ instance_type: "1xH100" }, { ...options, run: watched([], seen) });
    const all = JSON.stringify(seen);
    expect(seen.length).toBeGreaterThan(1);
    expect(all).not.toContain(goodKey);
    expect(all).not.toContain("aws-secret");
    expect(Object.keys(Object(seen.at(-1)?.env)).toSorted()).toEqual([
      "COLUMNS",
      "HOME",
      "LC_ALL",
      "NETRC",
      "PATH",
      "TENSORPOOL_ENGINE",
      "TENSORPOOL_KEY",
    ]);
    expect(world.engine.seen.at(-1)?.authorization).toBe(`Bearer ${goodKey}`);
  });

  it.each(["0.0.9", ...(realTp === undefined ? [] : (["real"] as const))] satisfies Way[])(
    "[TPL-04] lets an allowed line of %s run in workdir, without the key",
    async (way) => {
      const pushCommand = 'echo "key=$TENSORPOOL_KEY" > ran.txt; pwd >> ran.txt';
      const options = await prepare(way, { pushCommand }, { TENSORPOOL_ALLOW_COMMANDS: "1" });
      await mkdir(join(world.folder, "project"));
      await writeFile(join(world.folder, "project", "b.tp.toml"), 'commands = ["true"]\n');
      await jobPush({ config_path: "b.tp.toml", workdir: "project", cluster_id: "c-1" }, options);
      const text = await readFile(join(world.folder, "project", "ran.txt"), "utf8");
      expect(text).toMatch(/^key=id\d+.*\n.*\/project\n$/);
      expect(text).not.toContain(goodKey);
    },
  );

  it("[TPL-06] opens its guard to nobody but its own tp", async () => {
    const options = await prepare("0.0.9", { hang: true });
    const stop = new AbortController();
    const seen: { argv: readonly string[]; env: unknown }[] = [];
    const work = failureOf(clusterList({}, { ...options, signal: stop.signal, run: watched([], seen) }));
    await expect
      .poll(() => world.engine.seen.some(({ path }) => path === "/cluster/list"), { timeout: 60_000 })
      .toBe(true);
    const { TENSORPOOL_ENGINE: guard = "" } = Object(seen.at(-1)?.env) as Record<string, string>; // as it was passed
    const answer = await fetch(`${guard}/user/info`, { headers: { authorization: `Bearer ${goodKey}` } });
    expect(answer.status).toBe(401);
    stop.abort();
    await work;
    await expect(fetch(`${guard}/user/info`)).rejects.toThrow(/fetch failed/);
  });
});

describe("[TPL-15] an engine that is not there", { timeout: 60_000 }, () => {
  it.each(["http", "0.0.9"] satisfies Way[])("is named through %s", async (way) => {
    const options = await prepare(way, {}, { TENSORPOOL_ENGINE: "http://127.0.0.1:9" });
    const asked = [() => clusterList({}, options), () => jobListen({ job_id: "j-1" }, options)];
    for (const ask of asked) {
      const error = await failureOf(ask());
      expect(error).toMatchObject({ code: "E_ENGINE_UNREACHABLE" });
      expect(error.message).toMatch(/cannot be reached; check the network and TENSORPOOL_ENGINE/);
    }
  });

  it.each([
    ["http://engine.example.org", /is not https/],
    ["https://a:b@engine.example.org", /holds a password/],
    ["nowhere", /is no URL/],
  ])("is refused as %s before the key goes anywhere", async (address, reason) => {
    const options = await prepare("http", {}, { TENSORPOOL_ENGINE: address });
    const error = await failureOf(Promise.resolve().then(() => clusterList({}, options)));
    expect(error.message).toMatch(reason);
  });
});
