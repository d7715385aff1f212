import {
  docker_build_container,
  docker_inspect_image,
  docker_list_images,
  docker_remove_image,
} from "@parley/hpc";
import { createRun, which } from "@parley/exec";
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const names = ["podman", "buildah"] as const;
const installed = await Promise.all(
  names.map(async (name) => ((await which(name)) === undefined ? [] : [name])),
);
const busybox = await which("busybox");
const run = createRun({ timeoutMs: 60_000 });

/** Whether the engine can really build here: without privileges, registry and cgroups, from nothing but one program. */
async function baseImage(engine: string, env: Record<string, string>, folder: string): Promise<boolean> {
  const context = join(folder, "base");
  await mkdir(context, { recursive: true });
  await copyFile(busybox ?? "", join(context, "busybox"));
  const lines = [
    "FROM scratch",
    "COPY busybox /bin/busybox",
    'RUN ["/bin/busybox", "--install", "-s", "/bin"]',
  ];
  await writeFile(join(context, "Dockerfile"), lines.join("\n"));
  const built = await run([engine, "build", "--tag=localhost/base:1", context], { env });
  return built.ok;
}

describe.each(installed.flat())("the real %s", (engine) => {
  let folder: string;
  let env: Record<string, string>;
  let able = false;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "parley-real-engine-"));
    const storage = join(folder, "storage.conf");
    await writeFile(
      storage,
      `[storage]\ndriver = "vfs"\ngraphroot = "${folder}/graph"\nrunroot = "${folder}/run"\n`,
    );
    env = {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      STORAGE_DRIVER: "vfs",
      BUILDAH_ISOLATION: "chroot",
      CONTAINERS_STORAGE_CONF: storage,
      HPC_CONTAINER_ENGINE: engine,
      HPC_BUILD_SECRETS: "LAB_TOKEN",
      LAB_TOKEN: "hunter2-hunter2",
    };
    if (busybox !== undefined) able = await baseImage(engine, env, folder);
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("[HPK-64] builds, with a secret that is in no layer, describes, lists and removes an image", async ({
    skip,
  }) => {
    if (!able) skip(`${engine} cannot build without a registry here`);
    const steps: string[] = [];
    const dockerfile = [
      "FROM localhost/base:1",
      "ARG WHO=nobody",
      "COPY run.sh /run.sh",
      'RUN --mount=type=secret,id=lab test "$(cat /run/secrets/lab)" = hunter2-hunter2 && cat /run/secrets/lab',
      'RUN echo "for $WHO" > /who && cat /who',
      "USER 1000",
      'CMD ["/run.sh"]',
    ];
    const built = await docker_build_container(
      {
        dockerfile,
        uri: "localhost/lammps:1",
        files: { "run.sh": "#!/bin/sh\necho hi\n" },
        build_args: { WHO: "it's $(id)" },
        secrets: { lab: "LAB_TOKEN" },
      },
      { env, progress: (_done, _total, message) => void steps.push(message ?? "") },
    );
    expect(built).toMatchObject({
      engine,
      image_id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      digest: expect.stringMatching(/^sha256:/),
    });
    expect(built.log).toContain("for it's $(id)");
    expect(built.log).toContain("[redacted]");
    expect(JSON.stringify(built)).not.toContain("hunter2");
    // buildah does not count an ARG of its own.
    expect(steps.length).toBeGreaterThanOrEqual(dockerfile.length - 1);
    expect(await docker_inspect_image({ uri: "localhost/lammps:1" }, { env })).toMatchObject({
      user: "1000",
      command: ["/run.sh"],
    });
    const { images } = await docker_list_images({}, { env });
    expect(images.flatMap(({ names }) => names)).toContain("localhost/lammps:1");
    const removed = await docker_remove_image({ uri: "localhost/lammps:1", confirm: true }, { env });
    expect(removed).toMatchObject({ removed: true });
  }, 120_000);

  test("[HPK-64] says at which step and why a build fails", async ({ skip }) => {
    if (!able) skip(`${engine} cannot build without a registry here`);
    const dockerfile = "FROM localhost/base:1\nRUN cat /does/not/exist\n";
    await expect(
      docker_build_container({ dockerfile, uri: "localhost/bad:1" }, { env }),
    ).rejects.toMatchObject({
      code: "E_EXEC_FAILED",
      message: expect.stringMatching(/STEP 2\/2: RUN cat .*: .*No such file or directory/i),
    });
  }, 120_000);

  test("[HPK-64] a cancelled build leaves no process behind", async ({ skip }) => {
    if (!able) skip(`${engine} cannot build without a registry here`);
    const giveUp = new AbortController();
    const building = docker_build_container(
      { dockerfile: "FROM localhost/base:1\nRUN sleep 987654\n", uri: "localhost/slow:1" },
      {
        env,
        signal: giveUp.signal,
        progress: (_done, _total, message) =>
          void (message?.includes("sleep") && setTimeout(() => giveUp.abort(), 1500)),
      },
    );
    await expect(building).rejects.toMatchObject({ code: "E_INTERRUPTED" });
    await expect.poll(() => sleeping("987654"), { timeout: 30_000 }).toEqual([]);
  }, 120_000);
});

/** Processes with a word among their arguments. */
async function sleeping(word: string): Promise<string[]> {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    processes.map(async (id) => {
      const words = (await readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")).split("\0");
      return /(?:^|\/)sleep$/.test(words[0] ?? "") && words.includes(word) ? [id] : [];
    }),
  );
  return found.flat();
}
