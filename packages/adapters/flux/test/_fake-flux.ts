import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Run, RunOptions, RunResult } from "@parley/exec";
import { loadRecordings, replayRun } from "@parley/testing";
import type { Recording } from "@parley/testing";
import { z } from "zod";

export const fixtures = join(import.meta.dirname, "fixtures");
const read = (path: string): string => readFileSync(join(fixtures, path), "utf8");

export const schedulers = ["flux-0.88", "flux-0.88-fluxion"] as const;

const Submitted = z.object({
  resources: z.array(z.looseObject({ type: z.string(), count: z.number() })).min(1),
  tasks: z
    .array(z.object({ command: z.array(z.string()).min(1), slot: z.string(), count: z.looseObject({}) }))
    .min(1),
  attributes: z.object({
    system: z.looseObject({
      duration: z.number(),
      environment: z.record(z.string(), z.string()).optional(),
      queue: z.string().optional(),
      job: z.looseObject({ name: z.string() }).optional(),
    }),
  }),
  version: z.literal(1),
});

interface FakeJob {
  readonly id: string;
  readonly jobspec: z.infer<typeof Submitted>;
  readonly raw: string;
  readonly uri: string | undefined;
  urgency: number;
  state: "RUN" | "SCHED" | "INACTIVE";
  result: "COMPLETED" | "FAILED" | "CANCELED" | undefined;
  code: number;
  stdout: string;
  stderr: string;
  readonly signals: string[];
}

/** A broker that takes jobs, and answers everything else as a real one was recorded to. */
export interface FakeFlux {
  readonly run: Run;
  readonly jobs: FakeJob[];
  readonly calls: { readonly argv: readonly string[]; readonly options: RunOptions | undefined }[];
  /** Ends a running job. */
  finish(id: string, code: number): void;
  /** Called when somebody waits for an event. */
  onWait: (job: FakeJob) => void;
}

type Answer = Omit<Recording, "argv">;

const alphabet = "23456789ABCDEFGH";

function outcome(command: readonly string[]): Pick<FakeJob, "state" | "code" | "stdout" | "stderr"> {
  const [program = "", ...args] = command;
  const ended = (code: number, stdout = "", stderr = ""): ReturnType<typeof outcome> => ({
    state: "INACTIVE",
    code,
    stdout,
    stderr,
  });
  if (program === "sleep") return { state: "RUN", code: 0, stdout: "", stderr: "" };
  if (program === "echo") return ended(0, `${args.join(" ")}\n`);
  const exit = /^exit (\d+)$/.exec(args.at(-1) ?? "");
  if (program === "sh" && exit !== null) return ended(Number(exit[1]), "", "it fails\n");
  return ended(0);
}

function jobJson(job: FakeJob): Record<string, unknown> {
  const { system } = job.jobspec.attributes;
  const over = job.state === "INACTIVE";
  return {
    jobid: `ƒ${job.id.slice(1)}`,
    id: 1,
    name: system.job?.name ?? job.jobspec.tasks[0]?.command[0] ?? "",
    state: job.state,
    status: over ? job.result : job.state,
    ...(over ? { result: job.result, returncode: job.code, success: job.code === 0, t_cleanup: 1795172384, t_inactive: 1795172385 } : {}),
    t_submit: 1795172380,
    ...(job.state === "SCHED" ? {} : { t_run: 1795172382, nodelist: "cpu0", nnodes: 1 }),
    queue: system.queue ?? "batch",
    username: "root",
    urgency: job.urgency,
    priority: job.urgency,
    duration: system.duration,
    exception: job.result === "CANCELED" ? { occurred: true, type: "cancel", note: "" } : { occurred: false },
    annotations: job.uri === undefined ? {} : { user: { uri: job.uri } },
    dependencies: [],
  }; // prettier-ignore
}

function outputOf(job: FakeJob): string {
  const line = (stream: string, data: string): string[] =>
    data === "" ? [] : [JSON.stringify({ timestamp: 1, name: "data", context: { stream, rank: "0", data } })];
  return [...line("stderr", job.stderr), ...line("stdout", job.stdout), ""].join("\n");
}

/** A broker in memory: submissions, waits, cancels and signals change it; the rest comes from recordings. */
export function fakeFlux(scheduler: (typeof schedulers)[number] = "flux-0.88"): FakeFlux {
  const jobs: FakeJob[] = [];
  const calls: FakeFlux["calls"] = [];
  const find = (id: string | undefined): FakeJob | undefined =>
    jobs.find((job) => job.id === id?.replace(/^ƒ/, "f"));
  const unknown = (program: string, id = ""): Answer => ({
    exitCode: 1,
    stderr: `flux-${program}: ERROR: ${id}: unknown job id\n`,
  });

  const submit = (argv: readonly string[], input = ""): Answer => {
    const parsed = Submitted.safeParse(JSON.parse(input));
    if (!parsed.success) return { exitCode: 1, stderr: `[Errno 22] ${parsed.error.issues[0]?.message ?? ""}\n` };
    const { system } = parsed.data.attributes;
    const nodes = parsed.data.resources[0];
    if (system.queue !== undefined && !["batch", "gpu"].includes(system.queue)) return { exitCode: 1, stderr: read(`${scheduler}/submit-badqueue.txt.err`) };
    if (nodes?.type === "node" && nodes.count > 4) return { exitCode: 1, stderr: read(`${scheduler}/submit-toobig.txt.err`) };
    const urgency = Number(/--urgency=(\d+)/.exec(argv.join(" "))?.[1] ?? 16);
    const id = `fX${alphabet[jobs.length] ?? "z"}`;
    const command = parsed.data.tasks[0]?.command ?? [];
    const made = urgency === 0 ? { state: "SCHED" as const, code: 0, stdout: "", stderr: "" } : outcome(command);
    const uri = command[1] === "broker" ? `local:///tmp/flux-${id}/local-0` : undefined;
    jobs.push({
      id, jobspec: parsed.data, raw: input, uri, urgency, signals: [], ...made,
      state: uri === undefined ? made.state : "RUN",
      result: made.state === "INACTIVE" ? (made.code === 0 ? "COMPLETED" : "FAILED") : undefined,
    });
    return { stdout: `ƒ${id.slice(1)}\n` };
  }; // prettier-ignore

  const cancel = (argv: readonly string[]): Answer => {
    const job = find(argv.at(-1));
    if (job === undefined) return unknown("cancel", argv.at(-1));
    if (job.state === "INACTIVE")
      return { exitCode: 1, stderr: `flux-cancel: ERROR: ${job.id}: job is inactive\n` };
    Object.assign(job, { state: "INACTIVE", result: "CANCELED", code: job.state === "SCHED" ? -128 : 143 });
    return {};
  };

  const wait = (argv: readonly string[], { signal }: RunOptions): Answer => {
    const job = find(argv.at(-2));
    if (job !== undefined) world.onWait(job);
    if (signal?.aborted === true) return { failure: "aborted" };
    if (job?.state === "INACTIVE") return { stdout: '{"timestamp":1,"name":"clean"}\n' };
    return { exitCode: 1, stderr: "flux-job: wait-event timeout on event 'clean'\n" };
  };

  const batch = (argv: readonly string[], options: RunOptions): Answer => {
    const option = (name: string): string | undefined =>
      argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
    const script = options.input ?? "";
    const slots = option("nslots") ?? option("nodes") ?? /^#flux: -N(\d+)/im.exec(script)?.[1];
    if (slots === undefined) return { exitCode: 1, stderr: "flux-batch: ERROR: Number of slots to allocate must be specified\n" };
    const output = option("output") ?? /^#flux: --output=(\S+)/im.exec(script)?.[1] ?? "flux-{{id}}.out";
    const named = Array.from(script.matchAll(/^#flux: --env=(\w+)=(\S+)/gim), ([, name = "", value = ""]) => [name, value]);
    return {
      stdout: JSON.stringify({
        resources: [{ type: "slot", count: Number(slots), with: [{ type: "core", count: 1 }], label: "task" }],
        tasks: [{ command: ["flux", "broker", "{{tmpdir}}/script"], slot: "task", count: { per_slot: 1 } }],
        attributes: {
          system: {
            duration: 0,
            environment: { ...options.env, ...Object.fromEntries(named) },
            job: { name: option("job-name") ?? "batch" },
            shell: { options: { "per-resource": { type: "node" }, output: { stdout: { type: "file", path: output } } } },
            files: { script: { mode: 33216, data: script, encoding: "utf-8" } },
          },
        },
        version: 1,
      }),
    };
  }; // prettier-ignore

  const validate = (argv: readonly string[], input = ""): Answer => {
    const parsed = Submitted.safeParse(JSON.parse(input));
    const verdict = (errnum: number, errstr?: string): Answer => ({ stdout: `${JSON.stringify({ errnum, errstr })}\n`, exitCode: errnum === 0 ? 0 : 1 });
    if (!parsed.success) return verdict(1, "Missing key (resources)");
    const count = parsed.data.resources[0]?.count ?? 0;
    return argv.join(" ").includes("feasibility") && count > 4 ? verdict(75, "unsatisfiable request: need 9 exclusive node(s), only 4 eligible") : verdict(0);
  }; // prettier-ignore

  const ofJob = (argv: readonly string[], options: RunOptions): Answer | undefined => {
    const [, , verb] = argv;
    if (verb === "submit") return submit(argv, options.input);
    if (verb === "wait-event") return wait(argv, options);
    const job = find(argv.find((word) => /^[fƒ]X/.test(word)));
    // Jobs of the recordings take both.
    if (job === undefined) return verb === "urgency" || verb === "kill" ? {} : undefined;
    if (verb === "urgency") job.urgency = Number(argv.at(-1));
    if (verb === "kill") job.signals.push(argv[3] ?? "");
    if (verb === "eventlog")
      return {
        stdout: '{"timestamp":1795172380.1,"name":"submit","context":{"urgency":16,"API_KEY":"s3cret"}}\n',
      };
    if (verb === "info") {
      const what = argv.at(-1);
      return { stdout: what === "guest.output" ? outputOf(job) : what === "R" ? '{"version":1}' : job.raw };
    }
    return {};
  };

  const listed = z
    .object({ jobs: z.array(z.looseObject({ jobid: z.string() })) })
    .parse(JSON.parse(read(`${scheduler}/jobs.json`)));
  const recorded = (id = ""): Answer | undefined => {
    const job = listed.jobs.find(({ jobid }) => jobid === id.replace(/^f/, "ƒ"));
    return job === undefined ? undefined : { stdout: JSON.stringify(job) };
  };

  const act = (argv: readonly string[], options: RunOptions): Answer | undefined => {
    const [, verb] = argv;
    if (verb === "job") return ofJob(argv, options);
    if (verb === "batch") return batch(argv, options);
    if (verb === "job-validator") return validate(argv, options.input);
    if (verb === "cancel" && argv.at(-1) !== "fzzz") return cancel(argv);
    if (verb === "uri") return { stdout: `${find(argv.at(-1))?.uri ?? ""}\n` };
    if (verb === "exec") return { stdout: "on all\n", stderr: "", exitCode: 3 };
    if (verb === "archive") return { stdout: "data\n" };
    if (verb === "resource" && argv[2] === "status") return { stdout: "avail|3|cpu[0-1],gpu0||\ndrained|1|gpu1|broken gpu|1795169670.0\n" };
    if (verb !== "jobs") return undefined;
    const job = find(argv.at(-1));
    if (job !== undefined) return { stdout: JSON.stringify(jobJson(job)) };
    if (argv.at(-1) !== "--json") return recorded(argv.at(-1));
    return jobs.length === 0 ? { stdout: read(`${scheduler}/jobs.json`) } : { stdout: JSON.stringify({ jobs: jobs.map(jobJson) }) };
  }; // prettier-ignore

  const recordings = loadRecordings(fixtures, scheduler);
  const run: Run = async (argv, options = {}): Promise<RunResult> => {
    calls.push({ argv, options });
    // As a program that runs: whoever waits for it lets others go on.
    await delay(argv[2] === "wait-event" ? 2 : 0);
    const answer = act(argv, options);
    const all = answer === undefined ? recordings : [{ ...answer, argv: [...argv] }];
    const none = { exitCode: 1, stderr: `flux-jobs: ERROR: JobID ${argv.at(-1) ?? ""} unknown\n` };
    return replayRun(all, { onUnknown: () => none })(argv, options);
  };
  const world: FakeFlux = {
    run,
    jobs,
    calls,
    finish: (id, code) => {
      const job = find(id);
      if (job !== undefined)
        Object.assign(job, { state: "INACTIVE", code, result: code === 0 ? "COMPLETED" : "FAILED" });
    },
    onWait: () => undefined,
  };
  return world;
}
