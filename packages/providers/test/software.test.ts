import {
  createCharliecloudProvider,
  createCondaProvider,
  createDockerProvider,
  createLocalScratchProvider,
  createLustreProvider,
  createModulesProvider,
  createNetworkFsProvider,
  createPathProvider,
  createPipProvider,
  createPodmanProvider,
  createSpackProvider,
  type Provider,
} from "@parley/providers";
import { type FakeAnswer, fakeHost } from "@parley/testing";
import { describe, expect, test } from "vitest";
import * as machines from "./machines.ts";

const hostScope = "login-node" as const;
const asking = (...software: string[]): { software: string[]; paths: string[] } => ({ software, paths: [] });
const call = async (provider: Provider, tool: string, args = {}): Promise<unknown> =>
  provider.tools.find(({ name }) => name === tool)?.handler(args, {});

describe("modules", () => {
  test("reads the listing from stderr, without a shell, and keeps it", async () => {
    let nowMs = 0;
    const host = fakeHost({ ...machines.lmod, now: () => nowMs });
    const provider = createModulesProvider(host, { hostScope, inventoryTtlMs: 1000 });
    const { software, evidence } = await provider.facts(asking("GCC", "gcc; rm -rf /"));
    expect(software?.[0]).toMatchObject({
      source: "modules",
      status: "present",
      asked: ["GCC"],
      found: [
        { name: "gcc", version: "11.2", location: "gcc/11.2" },
        { name: "gcc", version: "12.3", location: "gcc/12.3" },
      ],
    });
    expect(host.calls).toEqual([["/opt/lmod/libexec/lmod", "bash", "-t", "avail"]]);
    expect(host.runOptions[0]?.env).toMatchObject({ MODULEPATH: "/srv/site/modulefiles", LC_ALL: "C" });
    nowMs = 999;
    const again = await provider.facts(asking("python"));
    expect(again.evidence?.[0]?.observedAt).toBe(evidence?.[0]?.observedAt);
    expect(host.calls).toHaveLength(1);
    nowMs = 1000;
    await provider.facts(asking("python"));
    expect(host.calls).toHaveLength(2);
  });

  test("runs one listing for callers at the same time, and one that leaves does not stop it", async () => {
    const host = fakeHost(machines.lmod);
    const provider = createModulesProvider(host, { hostScope });
    const controller = new AbortController();
    const leaving = provider.facts(asking("gcc"), { signal: controller.signal });
    const staying = provider.facts(asking("gcc"));
    controller.abort();
    await expect(leaving).rejects.toMatchObject({ code: "E_INTERRUPTED" });
    expect((await staying).software?.[0]?.found).toHaveLength(2);
    expect(host.calls).toHaveLength(1);
  });

  test("finds environment-modules and asks it in its own order of words", async () => {
    const host = fakeHost({
      env: { MODULES_CMD: "/usr/lib/modulecmd.tcl", MODULEPATH: "/mf" },
      executables: ["/usr/lib/modulecmd.tcl"],
      commands: { "modulecmd.tcl bash avail -t": { stderr: "/mf:\ngcc/12.3(default)\n" } },
    });
    const { software } = await createModulesProvider(host, { hostScope }).facts(asking("gcc"));
    expect(software?.[0]?.found).toMatchObject([{ name: "gcc", version: "12.3" }]);
  });

  test("without MODULEPATH it is empty, with a relative program absent", async () => {
    const env = { LMOD_CMD: "/opt/lmod/libexec/lmod" };
    const provider = createModulesProvider(fakeHost({ ...machines.lmod, env }), { hostScope });
    expect((await provider.probe()).status).toBe("empty");
    const relative = createModulesProvider(fakeHost({ env: { LMOD_CMD: "lmod" } }), { hostScope });
    expect((await relative.probe()).status).toBe("absent");
  });

  test("a listing that fails is data, and is tried again", async () => {
    const host = fakeHost({
      ...machines.lmod,
      commands: { "lmod bash -t avail": { exitCode: 1, stderr: "broken\u001b[0m" } },
    });
    const provider = createModulesProvider(host, { hostScope });
    const { software, evidence } = await provider.facts(asking("gcc"));
    expect(software?.[0]).toMatchObject({ status: "failed", found: [] });
    expect(evidence?.[0]?.summary).toBe("lmod: broken");
    await provider.facts(asking("gcc"));
    expect(host.calls).toHaveLength(2);
  });

  test("tells versions and the author's words of one module", async () => {
    const provider = createModulesProvider(fakeHost(machines.lmod), { hostScope });
    expect(await call(provider, "get_module_details", { module_name: "gcc/12.3" })).toMatchObject({
      found: true,
      whatis: ["gcc/12.3 : GNU compilers"],
    });
    expect(await call(provider, "get_module_details", { module_name: "gcc" })).toMatchObject({
      modules: [{}, {}],
      whatis: [],
    });
    expect(await call(provider, "get_module_details", { module_name: "nope" })).toMatchObject({
      found: false,
    });
    await expect(call(provider, "get_module_details", { module_name: "gcc/-rf" })).rejects.toMatchObject({
      code: "E_ARGUMENT_INVALID",
    });
    expect(await call(provider, "list_available_modules", { query: "OPEN" })).toMatchObject({
      modules: ["openmpi/4.1"],
    });
  });
});

describe("spack", () => {
  test("reads a recorded find, never list", async () => {
    const host = fakeHost(machines.spack);
    const provider = createSpackProvider(host, { hostScope });
    const { software } = await provider.facts(asking("perl", "cmake"));
    expect(software?.[0]?.found).toEqual([
      { name: "cmake", version: "3.25.1", with: ["ncurses", "ownlibs"], location: "cmake@3.25.1/tvbk24w" },
      {
        name: "perl",
        version: "5.36.0",
        with: ["opcode", "open", "shared", "threads"],
        location: "perl@5.36.0/4vsyhrd",
      },
    ]);
    expect(host.calls).toEqual([["/opt/spack/bin/spack", "--color", "never", "find", "--json"]]);
    expect(await call(provider, "find_package", { query: "" })).toMatchObject({ total: 2 });
    expect(await call(provider, "get_package_info", { name: "perl" })).toMatchObject({ installed: true });
    expect(await provider.metadata()).toMatchObject({ root: "/opt/spack", version: "0.22.0" });
  });

  test.each<[FakeAnswer | string, string]>([
    ["[]\n", "empty"],
    ["==> Error", "failed"],
    [{ exitCode: 1, stderr: "==> Error: boom" }, "failed"],
  ])("a find that answers %j is %s", async (answer, status) => {
    const host = fakeHost({ commands: { "spack --color never find --json": answer } });
    const { software } = await createSpackProvider(host, { hostScope }).facts(asking("gcc"));
    expect(software?.[0]).toMatchObject({ status, found: [] });
  });
});

describe("pip, conda and path", () => {
  test("pip compares names as Python does", async () => {
    const provider = createPipProvider(fakeHost(machines.pip), { hostScope });
    const { software } = await provider.facts(asking("pytorch", "torch", "Scikit-Learn"));
    expect(software?.[0]?.found.map(({ name }) => name)).toEqual(["torch", "scikit_learn"]);
    expect(await call(provider, "get_package_info", { package_name: "torch" })).toMatchObject({
      found: true,
      requires: ["filelock", "sympy"],
    });
    expect(await call(provider, "get_package_info", { package_name: "nope" })).toEqual({
      name: "nope",
      found: false,
    });
    expect(await provider.metadata()).toMatchObject({ version: "23.2.1", python_version: "3.11" });
  });

  test("conda looks into every environment", async () => {
    const provider = createCondaProvider(fakeHost(machines.conda), { hostScope });
    const { software } = await provider.facts(asking("gromacs"));
    expect(software?.[0]?.found).toEqual([
      { name: "GROMACS", version: "2023.1", location: "/opt/conda/envs/md" },
    ]);
    expect(await call(provider, "list_environments")).toEqual({
      environments: [
        { name: "base", path: "/opt/conda" },
        { name: "md", path: "/opt/conda/envs/md" },
      ],
    });
    expect(await call(provider, "list_packages", { env_name: "md" })).toMatchObject({
      packages: [{ name: "GROMACS" }],
    });
  });

  test.each<[Record<string, FakeAnswer | string>, string]>([
    [{ "conda env list --json": { exitCode: 1, stderr: "CondaError" } }, "failed"],
    [{ "conda env list --json": "{}" }, "failed"],
    [{ "conda env list --json": '{"envs":["--prefix","/a"]}' }, "failed"],
    [{ "conda env list --json": '{"envs":["/a"]}', "conda list --prefix /a --json": "[]" }, "empty"],
  ])("conda that answers %j is %s", async (commands, status) => {
    const { software } = await createCondaProvider(fakeHost({ commands }), { hostScope }).facts(asking("x"));
    expect(software?.[0]?.status).toBe(status);
  });

  test("path finds exact names only, and runs nothing", async () => {
    const host = fakeHost({ executables: ["lmp", "lmp_mpi"], env: { PATH: "bin::/usr/bin/" } });
    const { software } = await createPathProvider(host, { hostScope }).facts(asking("LMP", "lm", "../lmp"));
    expect(software?.[0]).toMatchObject({
      asked: ["LMP", "lm"],
      found: [{ name: "lmp", location: "/usr/bin/lmp" }],
    });
    expect(host.calls).toEqual([]);
    expect((await createPathProvider(fakeHost({ env: {} }), { hostScope }).probe()).status).toBe("absent");
  });
});

describe("containers", () => {
  const line = "docker version --format {{json .}}";

  test.each<[FakeAnswer | string, string]>([
    [
      {
        exitCode: 1,
        stdout: '{"Client":{"Version":"24"},"Server":null}',
        stderr: "Cannot connect to the Docker daemon.",
      },
      "unreachable",
    ],
    [{ exitCode: 1, stdout: '{"Client":{"Version":"24"}}', stderr: "error during connect" }, "unreachable"],
    [
      { exitCode: 1, stderr: "permission denied while trying to connect to the Docker daemon socket" },
      "forbidden",
    ],
    ['{"Client":{"Version":"4.3.1"}}', "present"],
    ["what", "failed"],
  ])("docker that answers %j is %s", async (answer, status) => {
    const provider = createDockerProvider(fakeHost({ commands: { [line]: answer } }), { hostScope });
    expect((await provider.probe()).status).toBe(status);
  });

  test("list images as objects", async () => {
    expect(await call(createDockerProvider(fakeHost(machines.docker), { hostScope }), "list_images")).toEqual(
      {
        images: [{ repository: "debian", tag: "12", id: "abc", size: "117MB" }],
        truncated: false,
      },
    );
    expect(
      await call(createCharliecloudProvider(fakeHost(machines.charliecloud), { hostScope }), "list_images"),
    ).toEqual({ images: ["debian:12"], truncated: false });
  });

  test.each([
    [0, false],
    [1000, true],
  ])("podman of user %i: rootless %s", async (userId, rootless) => {
    const host = fakeHost({ ...machines.podman, machine: { userId } });
    const { containers } = await createPodmanProvider(host, { hostScope }).facts(asking());
    expect(containers).toMatchObject([{ runtime: "podman", version: "4.3.1", rootless }]);
  });
});

describe("storage", () => {
  test("each path is answered by the provider of the file system it lies on", async () => {
    const query = { software: [], paths: ["/home", "/var/x", "/lustre/work", "relative", "/a\nb"] };
    const read = async (create: typeof createLustreProvider): Promise<unknown> =>
      (await create(fakeHost(machines.mounts), { hostScope }).facts(query)).storage?.map(
        ({ kind, path, freeBytes }) => [kind, path, freeBytes],
      );
    expect(await read(createNetworkFsProvider)).toEqual([["nfs", "/home", 614_400]]);
    expect(await read(createLustreProvider)).toEqual([["lustre", "/lustre/work", 614_400]]);
    expect(await read(createLocalScratchProvider)).toEqual([
      ["local-scratch", "/scratch/local disk", 614_400],
    ]);
  });

  test("the temporary directory is scratch only where jobs run", async () => {
    const host = fakeHost({ files: { "/proc/mounts": "/dev/a / ext4 rw 0 0\n" }, directories: ["/tmp"] });
    expect((await createLocalScratchProvider(host, { hostScope: "compute-node" }).probe()).status).toBe(
      "present",
    );
    expect((await createLocalScratchProvider(host, { hostScope: "login-node" }).probe()).status).toBe(
      "absent",
    );
  });

  test("a stale mount is named without sizes", async () => {
    const host = fakeHost({ ...machines.mounts, commands: { "df -Pk -- /home": { hangs: true } } });
    const provider = createNetworkFsProvider(host, { hostScope });
    const { storage } = await provider.facts({ software: [], paths: [] }, { timeoutMs: 5 });
    expect(storage).toMatchObject([{ kind: "nfs", path: "/home" }]);
    expect(storage?.[0]?.freeBytes).toBeUndefined();
  });

  test("lfs answers are bytes", async () => {
    const provider = createLustreProvider(fakeHost(machines.mounts), { hostScope });
    expect(await call(provider, "get_quota_info", { path: "/lustre/work" })).toEqual({
      path: "/lustre/work",
      usedBytes: 2_097_152,
      overQuota: true,
      softLimitBytes: 4_194_304,
      hardLimitBytes: undefined,
    });
    expect(await call(provider, "get_stripe_info", { path: "/lustre/work" })).toMatchObject({
      allTargets: true,
      stripeSizeBytes: 1_048_576,
    });
    await expect(call(provider, "get_quota_info", { path: "/home" })).rejects.toMatchObject({
      code: "E_ARGUMENT_INVALID",
    });
  });
});
