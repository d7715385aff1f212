import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JobSpec, isTerminal } from "@parley/core";
import type { JobStatus } from "@parley/core";
import type { Engine } from "@parley/engines";
import { createSlurmEngine } from "@parley/engines/slurm";
import { createRun } from "@parley/exec";
import { slurmAvailable, startSlurmClusters } from "@parley/testing";
import type { SlurmClusters } from "@parley/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const available = await slurmAvailable();
const job = (command: string[], rest: Record<string, unknown> = {}): JobSpec =>
  JobSpec.parse({ command, ...rest });
const modules = (name: string): object => ({ via: "modules", name });

let slurm: SlurmClusters;
let root: string;

/** What a module command, `spack load --sh` and `conda shell.posix activate` print: shell text, or an error and 1. */
const prints = (known: string, directory: string): string => `#!/bin/sh
for last; do :; done
if [ "$last" = "${known}" ]; then
  printf 'export PATH="%s:$PATH"; export LOADED="\${LOADED}%s;"\\n' "${directory}" "$last"
else
  echo "unknown: $last" >&2
  echo false
  exit 1
fi
`;

async function executable(path: string, text: string): Promise<string> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
}

beforeAll(async () => {
  if (!available) return;
  root = await mkdtemp(join(tmpdir(), "parley-slurm-loads-"));
  const program = '#!/bin/sh\necho "fakeprog $1 with $LOADED"\nexit "${2:-0}"\n';
  const bin = join(root, "bin");
  await executable(join(bin, "fakeprog"), program);
  const module = await executable(join(root, "lmod"), prints("fake/1.0", bin));
  await executable(join(root, "tools/spack"), prints("fakeprog@1.0/abc1234", bin));
  await executable(join(root, "conda/bin/conda"), prints(join(root, "conda/envs/md"), bin));
  const define = `module() { eval "$("${module}" "$@")"; }\n`;
  // Whatever modules this machine's own login shells define.
  const none = "unset -f module ml\nunset BASH_ENV LMOD_CMD LMOD_DIR MODULESHOME MODULEPATH\n";
  await executable(join(root, ".bash_profile"), none);
  await executable(join(root, "home/.bash_profile"), `${none}${define}`);
  await executable(join(root, "share/init/bash"), define);
  const spack = join(root, "spack/share/spack/setup-env.sh");
  await executable(spack, `spack() { "${join(root, "tools/spack")}" "$@"; }\n`);
  slurm = await startSlurmClusters();
});
afterAll(async () => {
  if (!available) return;
  await slurm.close();
  await rm(root, { recursive: true, force: true });
});

interface Ended {
  readonly status: JobStatus;
  readonly stdout: string;
  readonly stderr: string;
}

let counter = 0;
async function ended(spec: JobSpec, login?: string): Promise<Ended> {
  counter += 1;
  const environment = { ...slurm.clusters.alpha.environment, HOME: login ?? root, WORKER_SECRET: "s3" };
  const stateDir = join(root, "state");
  const engine: Engine = createSlurmEngine({
    run: createRun(),
    environment,
    stateDir,
    loginEnvironment: false,
  });
  const { siteJobId } = await engine.submit(spec, { tag: `loads-${counter}` });
  for (let turn = 0; turn < 400; turn += 1) {
    const status = await engine.status(siteJobId);
    if (isTerminal(status.state)) {
      const [out, error] = await Promise.all([
        engine.logs(siteJobId),
        engine.logs(siteJobId, { stream: "stderr" }),
      ]);
      return { status, stdout: out.text, stderr: error.text };
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`Job ${siteJobId} did not end.`);
}

const why = available ? "" : " (skipped: no Slurm daemons on PATH, or not root)";
describe.skipIf(!available)(`slurm, jobs that load software${why}`, () => {
  const run = ["fakeprog", "$(id)"];

  test("a module, through LMOD_CMD", async () => {
    const spec = job(run, { load: [modules("fake/1.0")], environment: { LMOD_CMD: join(root, "lmod") } });
    const { status, stdout } = await ended(spec);
    expect(status).toMatchObject({ state: "COMPLETED", exitCode: 0 });
    expect(stdout).toBe("fakeprog $(id) with fake/1.0;\n");
  });

  test("a module, through the function a login shell defines, on every task", async () => {
    const spec = job([...run, "3"], { load: [modules("fake/1.0")], resources: { tasks: 2 } });
    const { status, stdout } = await ended(spec, join(root, "home"));
    expect(status).toMatchObject({ state: "FAILED", exitCode: 3 });
    expect(stdout).toBe("fakeprog $(id) with fake/1.0;\n".repeat(2));
  });

  test("a module, through MODULESHOME; nothing of the worker's environment comes along", async () => {
    const environment = { MODULESHOME: join(root, "share") };
    const spec = job(["sh", "-c", 'fakeprog "$WORKER_SECRET"'], { load: [modules("fake/1.0")], environment });
    expect((await ended(spec)).stdout).toBe("fakeprog  with fake/1.0;\n");
  });

  test("a Spack package and a Conda environment, in that order", async () => {
    const conda = join(root, "conda/envs/md");
    const spec = job(run, {
      load: [
        { via: "spack", name: "fakeprog@1.0/abc1234" },
        { via: "conda", name: conda },
      ],
      environment: { SPACK_ROOT: join(root, "spack") },
    });
    expect((await ended(spec)).stdout).toBe(`fakeprog $(id) with fakeprog@1.0/abc1234;${conda};\n`);
  });

  test.each<[string, object, Record<string, string>, string]>([
    ["a module nobody knows", modules("nope/2"), { LMOD_CMD: "lmod" }, "unknown: nope/2"],
    ["no module command", modules("fake/1.0"), {}, "no module command"],
    ["no Spack", { via: "spack", name: "fakeprog" }, {}, "spack: command not found"],
    ["no Conda", { via: "conda", name: "/nowhere/envs/md" }, {}, "no conda"],
  ])("%s fails the job before its command, and says so", async (_title, load, variables, reason) => {
    const entries = Object.entries(variables).map(([name, file]) => [name, join(root, file)]);
    const spec = job(["echo", "ran"], { load: [load], environment: Object.fromEntries(entries) });
    const { status, stdout, stderr } = await ended(spec);
    expect(status).toMatchObject({ state: "FAILED", exitCode: 127 });
    expect(stdout).toBe("");
    expect(stderr).toContain(reason);
    expect(stderr).toMatch(/parley: could not load \S+ through (modules|spack|conda)\n$/);
  });
});
