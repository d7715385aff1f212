import { errorOf } from "@parley/tool-registry";
import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type FakeEngines, fakeEngines } from "./_fake-engines.ts";

let machine: FakeEngines;
afterEach(() => machine.close());

const Fields = z.record(z.string(), z.unknown());
const Built = z.looseObject({ build_id: z.string(), log: z.string(), log_characters: z.number() });
const Piece = z.looseObject({ cursor: z.number(), dropped: z.number() });
const data = async (tool: string, args: Record<string, unknown> = {}): Promise<z.infer<typeof Fields>> => {
  const result = await machine.call(tool, args);
  expect([result.isError ?? false, result.content]).toEqual([false, expect.anything()]);
  return Fields.parse(result.structuredContent);
};
const fault = async (
  tool: string,
  args: Record<string, unknown> = {},
): Promise<{ code?: string; message?: string; details?: unknown }> =>
  errorOf(await machine.call(tool, args)) ?? {};
const scratches = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith("parley-build-"));
const dockerfile = "FROM debian:12\nRUN true\nUSER 1000";

describe.each(["docker", "podman", "buildah"])("%s", (engine) => {
  test("[HPK-50] builds in a folder of its own, with progress, id and digest, and leaves nothing behind", async () => {
    machine = await fakeEngines([engine]);
    const before = await scratches();
    const said: unknown[] = [];
    const result = await machine.call(
      "docker_build_container",
      {
        dockerfile: dockerfile.split("\n"),
        uri: "localhost/lammps:1",
        files: { "run/in.lj": "x" },
        as_dict: true,
      },
      { progress: (...progress) => void said.push(progress) },
    );
    expect(result.structuredContent).toMatchObject({
      image: "localhost/lammps:1",
      image_id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      digest: expect.stringMatching(/^sha256:/),
      engine,
      findings: [],
    });
    expect(said.map((each) => JSON.stringify(each).slice(0, 4))).toEqual(["[0,3", "[1,3", "[2,3"]);
    expect(JSON.parse(await machine.read("build.json"))).toMatchObject({
      context: ["run"],
      text: `${dockerfile}\n`,
    });
    const left = (await scratches()).filter((name) => !before.includes(name));
    expect(left).toEqual([]);
  });
});

test("[HPK-51] a build that fails says the step, the reason, and where its log is", async () => {
  machine = await fakeEngines(["podman"]);
  const {
    code,
    message = "",
    details,
  } = await fault("docker_build_container", { dockerfile: "FROM debian:12\nRUN fail", uri: "x" });
  expect(code).toBe("E_EXEC_FAILED");
  expect(message).toMatch(
    /could not build x at STEP 2\/2: RUN fail: E: Unable to locate package libmpi \(docker_build_log with build_id build_/,
  );
  expect(details).toMatchObject({ exitCode: 100, stderr: expect.stringContaining("libmpi") });
  const id = /with build_id (build_[a-z0-9]+)/.exec(message)?.[1];
  expect(await data("docker_build_log", { build_id: id })).toMatchObject({
    ended: true,
    at_end: true,
    text: expect.stringContaining("STEP 1/2"),
  });
});

test("[HPK-52] a long log is bounded, and read on by its cursor", async () => {
  machine = await fakeEngines(["podman"]);
  const { build_id, log, log_characters } = Built.parse(
    await data("docker_build_container", { dockerfile: "FROM debian:12\nRUN shout", uri: "x" }),
  );
  expect(log.length).toBeLessThanOrEqual(4000);
  const piece = async (from: { readonly cursor?: number }) =>
    Piece.parse(await data("docker_build_log", { build_id, ...from, max_characters: 1000 }));
  const first = await piece({});
  expect(first.dropped).toBeGreaterThan(0);
  const next = await piece({ cursor: first.cursor });
  expect([next.dropped, next.cursor]).toEqual([0, first.cursor + 1000]);
  expect(await data("docker_build_log", { build_id, cursor: log_characters })).toMatchObject({
    text: "",
    at_end: true,
  });
  expect(await fault("docker_build_log", { build_id: "build_nope" })).toMatchObject({
    code: "E_OBJECT_UNKNOWN",
  });
});

test("[HPK-53] cancelling a build ends its whole process group", async () => {
  machine = await fakeEngines(["podman"]);
  const giveUp = new AbortController();
  const building = machine.call(
    "docker_build_container",
    { dockerfile: "FROM debian:12\nRUN hang", uri: "x" },
    { signal: giveUp.signal },
  );
  await expect.poll(() => existsSync(join(machine.home, "child.pid")), { timeout: 60_000 }).toBe(true);
  const pid = Number(await machine.read("child.pid"));
  expect(isAlive(pid)).toBe(true);
  giveUp.abort();
  expect(errorOf(await building)).toMatchObject({ code: "E_INTERRUPTED" });
  await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false);
}, 60_000);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("[HPK-54] a secret reaches a build as a file, if the operator allows its variable, and nothing shows it", async () => {
  machine = await fakeEngines(["podman"], {
    HF_TOKEN: "hunter2-hunter2",
    OTHER: "y",
    HPC_BUILD_SECRETS: "HF_TOKEN",
  });
  const args = { dockerfile: "FROM debian:12\nRUN show-secrets", uri: "x" };
  const result = await machine.call("docker_build_container", { ...args, secrets: { hf: "HF_TOKEN" } });
  expect(JSON.stringify(result)).toContain("[redacted]");
  expect(JSON.stringify(result)).not.toContain("hunter2");
  expect(JSON.stringify(await machine.calls())).not.toContain("hunter2");
  expect(JSON.stringify(await machine.environments())).not.toContain("hunter2");
  expect(await fault("docker_build_container", { ...args, secrets: { o: "OTHER" } })).toMatchObject({
    code: "E_AUTH_FORBIDDEN",
  });
  for (const build_args of [{ HF_TOKEN: "x" }, { API_KEY: "x" }, { A: "ghp_0123456789abcdefghij" }]) {
    expect(await fault("docker_build_container", { ...args, build_args })).toMatchObject({
      code: "E_ARGUMENT_INVALID",
    });
  }
});

test("[HPK-55] what is copied must be given: the context is empty", async () => {
  machine = await fakeEngines(["podman"]);
  const copying = { dockerfile: "FROM debian:12\nCOPY app.py /app.py", uri: "x" };
  expect(await fault("docker_build_container", copying)).toMatchObject({
    code: "E_ARGUMENT_INVALID",
    message: expect.stringContaining("Line 2 copies app.py"),
  });
  await data("docker_build_container", { ...copying, files: { "app.py": "print()" } });
  for (const path of ["../x", "/etc/x", "a/../../x", "a//b", "a\nb", "a\0", ".", ""]) {
    expect([
      path,
      (await fault("docker_build_container", { ...copying, files: { [path]: "x" } })).code,
    ]).toEqual([path, "E_ARGUMENT_INVALID"]);
  }
});

test("[HPK-56] engines: the one asked for, the operator's, else the first that answers", async () => {
  machine = await fakeEngines(["podman", "buildah"]);
  expect(await data("docker_list_engines")).toMatchObject({
    engines: [
      { name: "docker", state: "absent" },
      { name: "podman", state: "ready", version: "4.3.1" },
      { name: "buildah", state: "ready" },
    ],
  });
  expect(await data("docker_build_container", { dockerfile, uri: "x", engine: "buildah" })).toMatchObject({
    engine: "buildah",
  });
  expect(await fault("docker_build_container", { dockerfile, uri: "x", engine: "docker" })).toMatchObject({
    code: "E_ENGINE_MISSING",
  });
  expect(await fault("docker_run_container", { uri: "x", engine: "buildah" })).toMatchObject({
    code: "E_ARGUMENT_INVALID",
    message: "buildah cannot run containers; docker or podman can.",
  });
  await machine.close();
  machine = await fakeEngines(["podman", "buildah"], { HPC_CONTAINER_ENGINE: "buildah" });
  expect(await data("docker_build_container", { dockerfile, uri: "x" })).toMatchObject({ engine: "buildah" });
  await machine.close();
  machine = await fakeEngines([]);
  expect(await fault("docker_list_images")).toMatchObject({
    code: "E_ENGINE_MISSING",
    message: expect.stringContaining("docker or podman or buildah"),
  });
});

test("[HPK-57] a container runs without network or terminal, and its exit code is an answer", async () => {
  machine = await fakeEngines(["docker"]);
  await data("docker_build_container", { dockerfile, uri: "x:1" });
  const command = ["echo", "--help", "$(id)", "a b", 'it\'s "q"\n'];
  expect(await data("docker_run_container", { uri: "x:1", command })).toMatchObject({
    exit_code: 0,
    stdout: `${JSON.stringify(command)}\n`,
  });
  expect(await data("docker_run_container", { uri: "x:1", command: "fail now" })).toMatchObject({
    exit_code: 3,
  });
  expect(await fault("docker_run_container", { uri: "x:1", command: "echo $(id)" })).toMatchObject({
    code: "E_ARGUMENT_INVALID",
  });
  expect(await fault("docker_run_container", { uri: "nope:1" })).toMatchObject({ code: "E_EXEC_FAILED" });
  const runs = (await machine.calls()).filter(([, name]) => name === "run");
  expect(runs[0]).toEqual(
    expect.arrayContaining(["--rm", "--network=none", "--security-opt=no-new-privileges"]),
  );
  expect(runs.flat()).not.toContain("-it");
  expect(
    await fault("docker_run_container", { uri: "x:1", command: ["hang"], timeout_seconds: 1 }),
  ).toMatchObject({ code: "E_EXEC_TIMEOUT" });
  const removed = (await machine.calls()).find(([, name]) => name === "rm");
  expect(removed).toEqual(["docker", "rm", "--force", expect.stringMatching(/^parley-/)]);
}, 60_000);

test("[HPK-58] images are listed, described, named, pushed, saved, loaded and removed", async () => {
  machine = await fakeEngines(["podman"]);
  await data("docker_build_container", { dockerfile, uri: "x:1" });
  expect(await data("docker_list_images")).toMatchObject({
    images: [{ names: ["x:1"], size: "42 B" }],
    more: false,
  });
  const described = await machine.call("docker_inspect_image", { uri: "x:1" });
  expect(described.structuredContent).toMatchObject({
    platform: "linux/amd64",
    command: ["/app"],
    environment: ["PATH=/bin", "HF_TOKEN=[redacted]"],
  });
  await data("docker_tag_image", { uri: "x:1", new_uri: "reg.example/x:1" });
  expect(await fault("docker_push_container", { uri: "reg.example/x:1" })).toMatchObject({
    code: "E_CONFIRM_REQUIRED",
  });
  expect(await data("docker_push_container", { uri: "reg.example/x:1", confirm: true })).toMatchObject({
    digest: expect.stringMatching(/^sha256:/),
  });
  const denied = await fault("docker_push_container", { uri: "reg.example/nope:1", confirm: true });
  expect(denied.message).toMatch(/could not push reg\.example\/nope:1: denied/);
  expect(JSON.stringify(denied)).not.toContain("hunter2");
  await mkdir(join(machine.home, "open/images"));
  expect(await data("docker_save_image", { uri: "x:1", path: "images/x.tar" })).toMatchObject({
    size_bytes: 7,
  });
  expect(await fault("docker_save_image", { uri: "x:1", path: "images/x.tar" })).toMatchObject({
    code: "E_OBJECT_CONFLICT",
  });
  expect(await fault("docker_save_image", { uri: "x:1", path: "../x.tar" })).toMatchObject({
    code: "E_PATH_FORBIDDEN",
  });
  expect(await data("docker_load_image", { path: "images/x.tar" })).toMatchObject({
    images: ["localhost/x:1"],
  });
  await writeFile(join(machine.home, "outside.tar"), "x");
  expect(await fault("docker_load_image", { path: join(machine.home, "outside.tar") })).toMatchObject({
    code: "E_PATH_FORBIDDEN",
  });
  expect(await fault("docker_remove_image", { uri: "x:1" })).toMatchObject({ code: "E_CONFIRM_REQUIRED" });
  expect(await data("docker_remove_image", { uri: "x:1", confirm: true })).toMatchObject({ removed: true });
  expect(await fault("docker_remove_image", { uri: "x:1", confirm: true })).toMatchObject({
    code: "E_OBJECT_UNKNOWN",
  });
});

const hostile = [
  "-v",
  "--privileged",
  "a b",
  "a;b",
  "$(id)",
  "`id`",
  "a\nb",
  'a"b',
  "../a",
  "a/../b",
  "A",
  "a:b:c",
  "x@sha256:1",
  "",
  "http://x/y",
];
test.each(hostile)(
  "[HPK-59] the image name %j is refused everywhere, and no engine is asked",
  async (uri) => {
    machine = await fakeEngines(["docker"]);
    const calls: [string, Record<string, unknown>][] = [
      ["docker_build_container", { dockerfile, uri }],
      ["docker_run_container", { uri }],
      ["docker_push_container", { uri, confirm: true }],
      ["docker_inspect_image", { uri }],
      ["docker_remove_image", { uri, confirm: true }],
      ["docker_tag_image", { uri: "x", new_uri: uri }],
      ["docker_list_images", { uri }],
      ["docker_save_image", { uri, path: "x.tar" }],
      ["kind_load", { uri }],
    ];
    for (const [tool, args] of calls)
      expect([tool, (await fault(tool, args)).code]).toEqual([tool, "E_ARGUMENT_INVALID"]);
    expect(await machine.environments()).toEqual([]);
  },
);

test("[HPK-59] build arguments mean themselves, and odd names are refused", async () => {
  machine = await fakeEngines(["docker"]);
  const build_args = { A: '$(id) `x` "q"\n--privileged', B: "-v" };
  await data("docker_build_container", { dockerfile, uri: "x", build_args });
  const [build] = await machine.calls();
  expect(build).toEqual(expect.arrayContaining([`--build-arg=A=${build_args.A}`, "--build-arg=B=-v"]));
  for (const args of [
    { build_args: { "A B": "x" } },
    { build_args: { "--x": "y" } },
    { target: "--x" },
    { platforms: "-x" },
    { secrets: { "../x": "A" } },
    { secrets: { "a,b": "A" } },
  ])
    expect([args, (await fault("docker_build_container", { dockerfile, uri: "x", ...args })).code]).toEqual([
      args,
      "E_ARGUMENT_INVALID",
    ]);
});
