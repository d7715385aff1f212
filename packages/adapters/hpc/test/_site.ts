import { type HpcToolkitOptions, createHpc } from "@parley/hpc";
import type { Run, RunResult } from "@parley/exec";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const recorded = join(import.meta.dirname, "../../../engines/test/fixtures/slurm-24.11");
const ofSlurm = (name: string): string => readFileSync(join(recorded, name), "utf8");
const own = (name: string): string => readFileSync(join(import.meta.dirname, "fixtures", name), "utf8");

interface FakeJob {
  readonly name: string;
  readonly comment: string;
  readonly directory: string;
  readonly stdout: string;
  state: "PENDING" | "RUNNING" | "COMPLETED" | "CANCELLED";
  held: boolean;
}

/** A site whose programs answer from recordings, with a queue that remembers; jobs end at once unless they sleep. */
export interface Site {
  readonly folder: string;
  readonly root: string;
  readonly jobs: ReadonlyMap<string, FakeJob>;
  readonly run: Run;
  readonly options: HpcToolkitOptions;
  close(): Promise<void>;
}

type Answer = Partial<Pick<RunResult, "stdout" | "stderr" | "exitCode" | "failure">>;

const optionOf = (argv: readonly string[], name: string): string =>
  argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? "";

/** The columns of `squeue` and what they are for a job. */
function row(id: string, job: FakeJob, columns: string): string {
  const running = job.state === "RUNNING" || job.state === "COMPLETED";
  const values: Record<string, string> = {
    "%A": id,
    "%i": id,
    "%P": "batch",
    "%u": "ada",
    "%a": "physics",
    "%q": "normal",
    "%T": job.state,
    "%M": running ? "0:05" : "0:00",
    "%l": "1:00:00",
    "%D": "1",
    "%C": "4",
    "%b": "N/A",
    "%V": "2026-11-20T09:59:00",
    "%S": running ? "2026-11-20T09:59:30" : "N/A",
    "%e": job.state === "COMPLETED" || job.state === "CANCELLED" ? "2026-11-20T09:59:35" : "N/A",
    "%Q": "100",
    "%N": running ? "cpu1" : "",
    "%r": job.held ? "JobHeldUser" : "None",
    "%j": job.name,
    "%k": job.comment,
  };
  return columns.replaceAll(/%[A-Za-z]/g, (column) => values[column] ?? "");
}

function detailsLine(id: string, job: FakeJob): string {
  const nodes = job.state === "RUNNING" || job.state === "COMPLETED" ? "cpu1" : "";
  return (
    `JobId=${id} JobName=${job.name} UserId=ada(1000) GroupId=ada(1000) Account=physics QOS=normal JobState=${job.state} ` +
    `Reason=${job.held ? "JobHeldUser" : "None"} Dependency=(null) Restarts=0 ExitCode=0:0 RunTime=00:00:05 TimeLimit=01:00:00 ` +
    `SubmitTime=2026-11-20T09:59:00 StartTime=2026-11-20T09:59:30 EndTime=2026-11-20T09:59:35 Partition=batch NodeList=${nodes} ` +
    `NumNodes=1 NumCPUs=4 NumTasks=4 AllocTRES=cpu=4,mem=4G,node=1 Features=(null) Command=(null) WorkDir=${job.directory} ` +
    `StdErr=${job.stdout.replace(/stdout$/, "stderr")} StdIn=/dev/null StdOut=${job.stdout}\n`
  );
}

/** The programs of Slurm. */
function slurm(jobs: Map<string, FakeJob>) {
  let last = 100;
  const select = (wanted: string): [string, FakeJob][] =>
    [...jobs].filter(([id]) => wanted === "" || wanted === id);
  const unknown: Answer = { exitCode: 1, stderr: "slurm_load_jobs error: Invalid job id specified\n" };
  const sbatch = async (argv: readonly string[]): Promise<Answer> => {
    if (argv.includes("--test-only")) {
      if (optionOf(argv, "partition") === "nope") {
        return { exitCode: 1, stderr: "sbatch: error: invalid partition specified: nope\n" };
      }
      return {
        stderr:
          "sbatch: Job 7 to start at 2026-11-20T10:05:00 using 4 processors on nodes cpu1 in partition batch\n",
      };
    }
    last += 1;
    const stdout = optionOf(argv, "output").replaceAll("%%", "%");
    const sleeps = argv.includes("sleep");
    const held = argv.includes("--hold");
    const state = held ? "PENDING" : sleeps ? "RUNNING" : "COMPLETED";
    const directory = optionOf(argv, "chdir");
    jobs.set(String(last), {
      name: optionOf(argv, "job-name") || "script",
      comment: optionOf(argv, "comment"),
      directory,
      stdout,
      state,
      held,
    });
    if (state === "COMPLETED") await writeFile(stdout, "hello from cpu1\n");
    return { stdout: `${String(last)}\n` };
  };
  const scontrol = (argv: readonly string[]): Answer => {
    if (argv[1] === "ping") return { stdout: "Slurmctld(primary) at vm is UP\n" };
    if (argv[1] === "hold" || argv[1] === "release") {
      const job = jobs.get(argv[2] ?? "");
      if (job === undefined) return unknown;
      job.held = argv[1] === "hold";
      return {};
    }
    if (argv[3] === "node") return { stdout: ofSlurm("scontrol-nodes.txt") };
    if (argv[3] === "partition") return { stdout: ofSlurm("scontrol-part.txt") };
    const found = select(argv[4] ?? "");
    return found.length === 0 ? unknown : { stdout: found.map(([id, job]) => detailsLine(id, job)).join("") };
  };
  const squeue = (argv: readonly string[]): Answer => {
    const wanted =
      optionOf(argv, "jobs") || (argv.includes("-j") ? (argv[argv.indexOf("-j") + 1] ?? "") : "");
    const found = select(wanted);
    if (wanted !== "" && found.length === 0) return unknown;
    const active = argv.some((arg) => arg === "--states=all" || arg === "all")
      ? found
      : found.filter(([, { state }]) => state === "PENDING" || state === "RUNNING");
    return { stdout: active.map(([id, job]) => `${row(id, job, argv.at(-1) ?? "")}\n`).join("") };
  };
  return async (argv: readonly string[]): Promise<Answer | undefined> => {
    switch (argv[0]) {
      case "sbatch":
        return sbatch(argv);
      case "scontrol":
        return scontrol(argv);
      case "squeue":
        return squeue(argv);
      case "sinfo":
        return {
          stdout: argv.includes("-N")
            ? "gpu1|gpu:h100:2(IDX:0-1)|\ngpu2|gpu:h100:0(IDX:N/A)|\n"
            : "batch*|64|256000|(null)\n",
        };
      case "sacct":
        return { exitCode: 1, stderr: "Slurm accounting storage is disabled\n" };
      case "scancel": {
        const job = jobs.get(argv[1] ?? "");
        if (job !== undefined) job.state = "CANCELLED";
        return {};
      }
      default:
        return undefined;
    }
  };
}

/** Spack, modules, and the programs that say what a machine is. */
function others(argv: readonly string[]): Answer {
  const [program = "", ...args] = argv;
  if (program === "spack") {
    const words = args.slice(2);
    if (words.includes("broken")) {
      return {
        exitCode: 1,
        stdout: "==> Installing broken\n",
        stderr: "==> Error: ProcessError: make failed\n",
      };
    }
    if (words[0] === "find") return { stdout: own("spack-find.json") };
    if (words[0] === "list") return { stdout: "lammps\nopenfoam\nopenmpi\n" };
    if (words[0] === "info")
      return {
        stdout:
          "CMakePackage:   lammps\n\nDescription:\n    LAMMPS stands for Large-scale Atomic/Molecular Massively Parallel Simulator.\n",
      };
    return { stdout: " -   hbvxrrr  lammps@20230802\n" };
  }
  if (program.endsWith("/spider")) return { stdout: own("lmod-spider.json") };
  if (args[1] === "show") {
    return args[2] === "nope"
      ? {
          exitCode: 1,
          stderr: 'Lmod Warning: Failed to find the following module(s): "nope" in your\nMODULEPATH\n',
        }
      : { stderr: 'prepend_path("PATH","/opt/gcc/12.3/bin")\nsetenv("CC","gcc")\n' };
  }
  if (args.includes("avail")) return { stderr: own("lmod-avail.txt") };
  if (program === "df") {
    return {
      stdout:
        "Filesystem Type 1024-blocks Used Available Capacity Mounted on\nfs1:/home nfs4 1000000 400000 600000 40% /home\n",
    };
  }
  return { failure: "not-found" };
}

/** The time everything happens at. */
const siteTime = Date.parse("2026-11-20T10:00:00Z");

export async function openSite(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), "parley-hpc-site-"));
  const root = join(folder, "open");
  await mkdir(join(root, "run1"), { recursive: true });
  await writeFile(join(root, "run1", "in.lj"), "units lj\natom_style atomic\n");
  await writeFile(join(root, "run1", "log.lammps"), "step 1\nERROR on proc 0\n");
  const spackRoot = join(folder, "spack");
  await mkdir(join(spackRoot, "bin"), { recursive: true });
  await writeFile(join(spackRoot, "bin", "spack"), "", { mode: 0o755 });
  const jobs = new Map<string, FakeJob>([
    [
      "9",
      {
        name: "relax",
        comment: "",
        directory: "/home/ada",
        stdout: "/home/ada/slurm-9.out",
        state: "RUNNING",
        held: false,
      },
    ],
  ]);
  const ask = slurm(jobs);
  const run: Run = async (argv, { signal } = {}) => {
    const plain = [argv[0]?.endsWith("/spack") ? "spack" : (argv[0] ?? ""), ...argv.slice(1)];
    const {
      stdout = "",
      stderr = "",
      exitCode = 0,
      failure,
    } = signal?.aborted ? { failure: "aborted" as const } : ((await ask(plain)) ?? others(plain));
    const why = failure ?? (exitCode === 0 ? undefined : ("exit" as const));
    return {
      ok: why === undefined,
      argv,
      stdout,
      stderr,
      exitCode,
      durationMs: 1,
      ...(why === undefined ? {} : { failure: why }),
    };
  };
  const env = {
    PATH: "/usr/bin",
    HOME: "/home/ada",
    LMOD_CMD: process.execPath,
    LMOD_DIR: "/usr/share/lmod/lmod/libexec",
    MODULEPATH: "/opt/modules",
    SPACK_ROOT: spackRoot,
  };
  const options: HpcToolkitOptions = {
    run,
    env,
    roots: [root],
    stateDir: join(folder, "state"),
    now: () => siteTime,
  };
  return { folder, root, jobs, run, options, close: () => rm(folder, { recursive: true, force: true }) };
}

/** All tools of a site. */
export const toolsOf = (site: Site, more: HpcToolkitOptions = {}): ReturnType<typeof createHpc> =>
  createHpc({ ...site.options, ...more });
