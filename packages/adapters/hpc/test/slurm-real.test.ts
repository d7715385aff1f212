import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HpcToolkitOptions, createHpc, openCall, slurm_run_job, slurm_submit_job } from "@parley/hpc";
import {
  type SlurmClusterName,
  type SlurmClusters,
  slurmAvailable,
  startSlurmClusters,
} from "@parley/testing";
import { type ToolResult, createRegistry, errorOf, toolContext } from "@parley/tool-registry";
import * as fc from "fast-check";
import { z } from "zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const available = await slurmAvailable();
let clusters: SlurmClusters;
let root: string;

beforeAll(async () => {
  if (!available) return;
  root = await mkdtemp(join(tmpdir(), "parley-hpc-slurm-"));
  clusters = await startSlurmClusters();
});
afterAll(async () => {
  if (!available) return;
  await clusters.close();
  await rm(root, { recursive: true, force: true });
});

type Args = Readonly<Record<string, unknown>>;

/** What these tests look at of any answer. */
const Said = z.looseObject({
  job_id: z.string().default(""),
  text: z.string().default(""),
  stdout: z.string().default(""),
  next_cursor: z.string().default(""),
  complete: z.boolean().default(false),
  total: z.number().default(-1),
  jobs: z.array(z.looseObject({ state: z.string() })).default([]),
  nodes: z.array(z.unknown()).default([]),
});
type Said = z.infer<typeof Said>;

function siteOf(name: SlurmClusterName, more: HpcToolkitOptions = {}) {
  const options: HpcToolkitOptions = {
    toolsets: ["slurm", "slurm-extra"],
    env: clusters.clusters[name].environment,
    stateDir: join(root, name),
    loginEnvironment: false,
    ...more,
  };
  const registry = createRegistry();
  const toolkit = createHpc(options);
  registry.replace(toolkit.origin, toolkit);
  const call = (tool: string, args: Args, signal?: AbortSignal): Promise<ToolResult> =>
    registry.call(tool, args, toolContext({ signal }));
  /** The structured content of a call that went well. */
  const ask = async (tool: string, args: Args = {}): Promise<Said> => {
    const result = await call(tool, args);
    expect([tool, result.isError ?? false, result.content[0]?.["text"]]).toEqual([
      tool,
      false,
      expect.any(String),
    ]);
    return Said.parse(result.structuredContent);
  };
  const fail = async (tool: string, args: Args): Promise<string | undefined> =>
    errorOf(await call(tool, args))?.code;
  return { options, call, ask, fail };
}

describe.skipIf(!available)(
  `[HPC-01] the Slurm tools, real${available ? "" : " (skipped: no Slurm here)"}`,
  () => {
    test("a command runs: submit, wait, info, logs", async () => {
      const { ask } = siteOf("alpha");
      const command = ["sh", "-c", 'echo "out $1 $A"; echo err >&2; exit 7', "x", "it's $(id); `id`"];
      const { job_id, command_line } = await ask("slurm_submit_job", {
        command,
        job_name: "seven",
        environment: { A: "'q\"\n" },
        walltime_seconds: 60,
      });
      expect(command_line).toMatch(/^sbatch --job-name=seven .*--time=0-00:01:00/);
      expect(await ask("slurm_wait_for_job", { job_id, timeout_seconds: 20 })).toMatchObject({
        state: "FAILED",
        exit_code: 7,
        done: true,
      });
      const { source, jobs } = await ask("slurm_job_info", { job_id });
      expect([source, jobs]).toMatchObject([
        "controller",
        [
          {
            name: "seven",
            exit_code: 7,
            limit_seconds: 60,
            user: "root",
            nodes: [expect.stringMatching(/^alpha/)],
          },
        ],
      ]);
      expect(await ask("slurm_job_logs", { job_id })).toMatchObject({
        text: "out it's $(id); `id` 'q\"\n\n",
        complete: true,
        skipped: false,
      });
      expect(await ask("slurm_job_logs", { job_id, stream: "stderr" })).toMatchObject({ text: "err\n" });
      const tail = await ask("slurm_accounting", { job_id });
      expect(tail).toMatchObject({ source: "controller", jobs: [{ job_id, slurm_state: "FAILED" }] });
    });

    test("logs: the end first, or from the beginning by cursor, a character never split", async () => {
      const { ask } = siteOf("alpha");
      const text = "é".repeat(600);
      const { job_id } = await ask("slurm_submit_job", { command: ["printf", "%s", text] });
      await ask("slurm_wait_for_job", { job_id, timeout_seconds: 20 });
      const end = await ask("slurm_job_logs", { job_id, max_bytes: 257 });
      expect(end).toMatchObject({ text: "é".repeat(128), skipped: true, complete: true });
      const parts: string[] = [];
      for (let cursor = "0", complete = false; !complete;) {
        const piece = await ask("slurm_job_logs", { job_id, cursor, max_bytes: 257 });
        parts.push(piece.text);
        cursor = piece.next_cursor;
        complete = piece.complete;
      }
      expect(parts.join("")).toBe(text);
    });

    test("run waits, says progress, and ends the job when the call is cancelled", async () => {
      const { ask, call, options } = siteOf("alpha");
      const ran = await ask("slurm_run_job", {
        script: "#!/bin/sh\necho hi from $SLURM_JOB_NAME\n",
        job_name: "hey",
      });
      expect(ran).toMatchObject({
        done: true,
        state: "COMPLETED",
        exit_code: 0,
        stdout: "hi from hey\n",
        stderr: "",
      });
      const stopped = new AbortController();
      const running = call("slurm_run_job", { command: ["sleep", "60"], job_name: "long" }, stopped.signal);
      const jobs = async () => (await ask("slurm_queue", { states: "running" })).jobs;
      await expect.poll(jobs, { timeout: 30_000 }).toMatchObject([{ name: "long" }]);
      stopped.abort();
      expect(errorOf(await running)?.code).toBe("E_INTERRUPTED");
      await expect.poll(async () => (await ask("slurm_queue", {})).total, { timeout: 30_000 }).toBe(0);
      const said: string[] = [];
      const progress = (_done: number, _total?: number, message?: string): void =>
        void said.push(message ?? "");
      await slurm_run_job({ command: ["sleep", "1"] }, { ...options, progress });
      expect(said.join()).toMatch(/PENDING|RUNNING/);
    });

    test("the same key submits once, at the same time too", async () => {
      const { ask } = siteOf("alpha");
      const args = { command: ["true"], idempotency_key: "once" };
      const ids = await Promise.all([1, 2, 3].map(async () => (await ask("slurm_submit_job", args)).job_id));
      expect(new Set(ids).size).toBe(1);
    });

    test("hold, release, cancel; cancel needs a confirmation; what has ended is left", async () => {
      const { ask, fail } = siteOf("alpha");
      const { job_id } = await ask("slurm_submit_job", { command: ["sleep", "60"], hold: true });
      const pending = async () => await ask("slurm_queue", { states: "pending" });
      await expect.poll(pending, { timeout: 30_000 }).toMatchObject({
        jobs: [{ job_id, reason: "JobHeldUser" }],
        counts: { PENDING: 1 },
      });
      await ask("slurm_release_job", { job_id });
      expect(
        await ask("slurm_wait_for_job", { job_id, until: "started", timeout_seconds: 20 }),
      ).toMatchObject({
        state: "ACTIVE",
        done: true,
      });
      expect(await fail("slurm_hold_job", { job_id: "4000000" })).toBe("E_ENGINE_JOB_UNKNOWN");
      expect(await fail("slurm_cancel_job", { job_id })).toBe("E_CONFIRM_REQUIRED");
      expect((await ask("slurm_job_info", { job_id })).jobs[0]?.state).toBe("ACTIVE");
      await ask("slurm_cancel_job", { job_id, confirm: true });
      expect(await ask("slurm_wait_for_job", { job_id, timeout_seconds: 20 })).toMatchObject({
        state: "CANCELED",
      });
      await ask("slurm_cancel_job", { job_id, confirm: true });
      expect(await fail("slurm_cancel_job", { job_id: "4000000", confirm: true })).toBe(
        "E_ENGINE_JOB_UNKNOWN",
      );
      expect(await fail("slurm_wait_for_job", { job_id: "4000000" })).toBe("E_ENGINE_JOB_UNKNOWN");
      expect(await fail("slurm_job_info", { job_id: "4000000" })).toBe("E_ENGINE_JOB_UNKNOWN");
    });

    test("partitions and nodes count what can be used; the dry run says when or why not", async () => {
      const { ask, call } = siteOf("gamma");
      const { partitions } = await ask("slurm_partitions");
      expect(partitions).toMatchObject([
        { name: "batch", is_default: true, nodes: 3, usable_nodes: 1, idle_cores: 64, cores: 192 },
        { name: "gpu", usable_nodes: 2, gpus: { h100: 8 }, max_walltime_seconds: 43_200 },
        { name: "old", up: false, usable_nodes: 0, idle_cores: 0 },
      ]);
      const { nodes, total } = await ask("slurm_nodes", { usable: "never" });
      expect([total, nodes[0]]).toMatchObject([
        2,
        { name: "cpu2", idle_cores: 0, reason: expect.stringMatching(/^disk swap/) },
      ]);
      const page = await ask("slurm_nodes", { limit: 2 });
      expect(page).toMatchObject({ total: 5, next_cursor: "2" });
      expect((await ask("slurm_nodes", { limit: 5, cursor: "2" })).nodes).toHaveLength(3);
      const wanted = { command: ["true"], partition: "gpu", gpus_per_node: 2, gpu_model: "H100" };
      expect(await ask("slurm_estimate_start", wanted)).toMatchObject({ in_seconds: expect.any(Number) });
      const refused = await call("slurm_estimate_start", { ...wanted, gpus_per_node: 8 });
      expect(errorOf(refused)).toMatchObject({
        code: "E_ENGINE_REFUSED",
        message: expect.stringMatching(/Slurm refused the job: .+/),
        details: { exitCode: 1, stderr: expect.stringMatching(/./), stdout: "" },
      });
    });

    test("output outside the open folders is nobody's to read", async () => {
      const folder = join(root, "mine");
      await mkdir(folder);
      const own = { script: `#!/bin/sh\n#SBATCH --output=${folder}/o.log\necho own\n` };
      const closed = siteOf("alpha");
      const { job_id } = await closed.ask("slurm_submit_job", own);
      await closed.ask("slurm_wait_for_job", { job_id, timeout_seconds: 20 });
      expect(await closed.fail("slurm_job_logs", { job_id })).toBe("E_PATH_FORBIDDEN");
      const open = siteOf("alpha", { roots: [folder] });
      expect(await open.ask("slurm_job_logs", { job_id })).toMatchObject({ text: "own\n" });
      await rm(join(folder, "o.log"));
      await writeFile(join(root, "secret"), "secret\n");
      const { symlink } = await import("node:fs/promises");
      await symlink(join(root, "secret"), join(folder, "o.log"));
      expect(await open.fail("slurm_job_logs", { job_id })).toBe("E_PATH_FORBIDDEN");
    });

    test("[HPC-02] names, paths and ids that are not what they say are refused, and nothing else happens", async () => {
      const { fail, ask } = siteOf("alpha");
      const hostile = ["a b", "'a'", '"', "a\nb", "../x", "$(id)", "`id`", "-x", "--uid=0", "a;b", "a|b", ""];
      for (const text of hostile) {
        const tried = [
          ["slurm_submit_job", { command: ["true"], job_name: text }],
          ["slurm_submit_job", { command: ["true"], partition: text }],
          ["slurm_submit_job", { command: ["true"], qos: text }],
          ["slurm_submit_job", { command: ["true"], idempotency_key: text }],
          ["slurm_cancel_job", { job_id: text, confirm: true }],
          ["slurm_hold_job", { job_id: text }],
          ["slurm_queue", { user: text }],
          ["slurm_accounting", { account: text }],
        ] as const;
        for (const [tool, args] of tried) {
          expect([text, tool, await fail(tool, args)]).toEqual([text, tool, "E_ARGUMENT_INVALID"]);
        }
      }
      for (const [field, text] of [
        ["constraint", "--uid=0"],
        ["dependency", "afterok:1 --wrap=id"],
        ["begin", "now --uid=0"],
        ["directory", "relative"],
        ["environment", { "A;id": "1" }],
      ] as const) {
        const code = await fail("slurm_submit_job", { command: ["true"], [field]: text });
        expect([field, code]).toEqual([
          field,
          expect.stringMatching(/^E_(?:ARGUMENT_INVALID|ENGINE_REFUSED)$/),
        ]);
      }
      expect(await fail("slurm_submit_job", {})).toBe("E_ARGUMENT_INVALID");
      expect(await fail("slurm_submit_job", { command: ["true"], script: "#!/bin/sh\n" })).toBe(
        "E_ARGUMENT_INVALID",
      );
      const total = async () => (await ask("slurm_queue", {})).total;
      await expect.poll(total, { timeout: 30_000 }).toBe(0);
    });

    test("[HPC-02] whatever the arguments are, the command gets them and the folder of the job stays as it is", async () => {
      const { ask } = siteOf("alpha");
      const [seen = []] = fc.sample(
        fc.array(fc.string({ unit: "binary" }), { minLength: 8, maxLength: 8 }),
        1,
      );
      const args = [...seen, "-x", "--", "$(id)", "'", '"', "a\nb", ".."].map((text) =>
        text.replaceAll("\0", ""),
      );
      const program = "console.log(JSON.stringify(process.argv.slice(1)))";
      const ran = await ask("slurm_run_job", { command: [process.execPath, "-e", program, "--", ...args] });
      expect(JSON.parse(ran.stdout)).toEqual(args);
      expect((await readdir(join(root, "alpha"))).toSorted()).toEqual(["ids", "jobs", "scripts"]);
    });

    test("the functions apply their defaults and find the cluster by the environment", async () => {
      const { options } = siteOf("alpha");
      const { job_id } = await slurm_submit_job({ command: ["true"] }, options);
      expect(job_id).toMatch(/^\d+$/);
      expect(openCall({}).timeoutMs).toBe(30_000);
    });

    test("a controller that is down is said in a sentence, within the time-out", async () => {
      await clusters.stopController("gamma");
      const { call } = siteOf("gamma");
      const begun = performance.now();
      for (const [tool, args] of [
        ["slurm_queue", {}],
        ["slurm_nodes", {}],
        ["slurm_submit_job", { command: ["true"] }],
        ["slurm_job_info", { job_id: "1" }],
      ] as const) {
        expect(errorOf(await call(tool, args))).toMatchObject({
          code: "E_ENGINE_UNREACHABLE",
          retryable: true,
        });
      }
      expect(performance.now() - begun).toBeLessThan(8000);
    });
  },
);
