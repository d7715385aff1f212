import {
  type Fetch,
  createJob,
  createNomad,
  dispatchJob,
  drainNode,
  forceEvaluateJob,
  getAllocationStatus,
  getJob,
  getJobEvaluations,
  getJobStatus,
  getJobVersions,
  listJobs,
  listNodes,
  memoryConfigs,
  planJobFile,
  readVariable,
  restartJob,
  revertJob,
  scaleJob,
  signalAllocation,
  standaloneTools,
  startJob,
  stopJob,
  submitJobFile,
  validateJobFile,
  waitJob,
  writeVariable,
} from "@parley/nomad";
import { ParleyError } from "@parley/core";
import { createRegistry, toolContext } from "@parley/tool-registry";
import * as fc from "fast-check";
import { fetch as undiciFetch } from "undici";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FakeNomad, type Recorded, fixtureJson, sampleJob, startFakeNomad } from "./_fake-nomad.ts";

let fake: FakeNomad;
beforeEach(async () => {
  fake = await startFakeNomad();
});
afterEach(() => fake.close());

const options = (): { address: string; env: Record<string, string>; sleep: () => Promise<void> } => ({
  address: fake.address,
  env: {},
  sleep: async () => {},
});
const submit = (job: unknown, more: object = {}) =>
  submitJobFile({ content: JSON.stringify({ Job: job }), check: false, ...more }, options());
const writes = (): Recorded[] => fake.requests.filter(({ method }) => method !== "GET");

const downOnPut: Fetch = async (url, init) =>
  init.method === "PUT" ? new Response("node is down", { status: 500 }) : undiciFetch(url, init);

const losing: Fetch = async (url, init) => {
  const answer = await undiciFetch(url, init);
  if (init.method === "DELETE") throw new Error("other side closed");
  return answer;
};

describe("the outcome of a job", () => {
  it("comes from allocations: dead is success or failure", async () => {
    await submit(sampleJob("hello", 0));
    await submit(sampleJob("bad", 9));
    expect(await getJobStatus({ job_id: "hello" }, options())).toMatchObject({
      status: "dead",
      outcome: "succeeded",
      exits: [{ task: "t", exit_code: 0 }],
    });
    const bad = await getJobStatus({ job_id: "bad" }, options());
    expect(bad).toMatchObject({ status: "dead", outcome: "failed", exits: [{ task: "t", exit_code: 9 }] });
    expect(bad.reason).toBe("bad.g[0] is failed (t exit 9).");
  });

  it("says why a job waits, even though its first evaluation is complete", async () => {
    const big = sampleJob("big", 0);
    big.TaskGroups[0].Tasks[0].Resources.MemoryMB = 900_000;
    await submit(big);
    const status = await getJobStatus({ job_id: "big" }, options());
    expect(status).toMatchObject({ outcome: "unplaceable", status: "pending", allocations: [] });
    expect(status.reason).toBe('Group "g" (1 waiting) found no node: 1 node had too little memory free.');
    const { evaluations, waiting_because } = await getJobEvaluations({ job_id: "big" }, options());
    expect(evaluations.map((each) => each.status)).toEqual(["blocked", "complete"]);
    expect(waiting_because).toMatchObject([{ group: "g", exhausted: { memory: 1 } }]);
  });

  it("reads the recordings of a real Nomad", async () => {
    const recorded = vi.fn<(url: string) => Promise<Response>>(async (url) => {
      const { pathname } = new URL(url);
      const file = { "/v1/job/big/evaluations": "evals", "/v1/job/bad/allocations": "allocs" }[pathname];
      if (file !== undefined) return Response.json(fixtureJson(`${file}.json`));
      if (pathname === "/v1/job/hello") return Response.json(fixtureJson("job.json"));
      return /^\/v1\/job\/\w+$/.test(pathname)
        ? Response.json({ ...fixtureJson("job.json"), ID: pathname.split("/")[3], Status: "pending" })
        : Response.json(pathname.endsWith("deployment") ? null : []);
    });
    const read = async (job_id: string) => getJobStatus({ job_id }, { fetch: recorded, env: {} });
    expect(await read("bad")).toMatchObject({ outcome: "failed", exits: [{ exit_code: 9 }] });
    expect(await read("big")).toMatchObject({ outcome: "unplaceable" });
    expect(await read("hello")).toMatchObject({ outcome: "pending", status: "dead" });
  });

  it.each([
    ["running", {}],
    ["degraded", { ClientStatus: "failed" }],
    ["running", { ClientStatus: "failed", NextAllocation: "x" }],
    ["running", { ClientStatus: "failed", FollowupEvalID: "x" }],
    ["degraded", { ClientStatus: "lost" }],
  ])("of a service is %s when an allocation has %j", async (outcome, change) => {
    await submit(
      sampleJob("web", undefined, { TaskGroups: [{ ...sampleJob("web").TaskGroups[0], Count: 2 }] }),
    );
    Object.assign(fake.state.allocations[0], change);
    expect((await getJobStatus({ job_id: "web" }, options())).outcome).toBe(outcome);
  });

  it("of a stopped, a parameterised and a restarted job", async () => {
    await submit(sampleJob("web"));
    await stopJob({ job_id: "web" }, options());
    expect((await getJobStatus({ job_id: "web" }, options())).outcome).toBe("stopped");
    await submit(sampleJob("each", 0, { ParameterizedJob: { Payload: "optional" } }));
    expect((await getJobStatus({ job_id: "each" }, options())).outcome).toBe("template");
    await submit(sampleJob("again", 9));
    const repaired = sampleJob("again", 0);
    await submit(repaired);
    expect((await getJobStatus({ job_id: "again" }, options())).outcome).toBe("succeeded");
  });

  it("names the signal and the lack of memory that ended a task", async () => {
    await submit(sampleJob("bad", 137));
    const [allocation] = fake.state.allocations;
    Object.assign(allocation.TaskStates.t.Events.at(-1).Details, { signal: "9", oom_killed: "true" });
    const { exits, reason } = await getJobStatus({ job_id: "bad" }, options());
    expect(exits).toMatchObject([{ exit_code: 137, signal: 9, oom_killed: true }]);
    expect(reason).toContain("t exit 137, signal 9, out of memory");
  });
});

describe("submitting", () => {
  it("sends HCL with its variables as JSON, and keeps the source", async () => {
    const content = '\n job "hello" {\n  name = "${var.x}"\n}\n';
    await submitJobFile({ content, variables: { x: '${file("/etc/passwd")}"\n' }, check: false }, options());
    const [parse, register] = writes();
    expect(parse).toMatchObject({
      path: "/v1/jobs/parse",
      query: { namespace: "default" },
      body: {
        JobHCL: content.trim(),
        Canonicalize: false,
        Variables: '{"x":"${file(\\"/etc/passwd\\")}\\"\\n"}',
      },
    });
    expect(register?.body).toMatchObject({
      Job: { ID: "hello", Namespace: "default" },
      Submission: { Source: content.trim(), Format: "hcl2" },
    });
  });

  it("takes wrapped and bare JSON once, and HCL written as JSON to the parser", async () => {
    const bare = sampleJob("bare", 0);
    await submitJobFile({ content: JSON.stringify(bare), check: false }, options());
    await submit(sampleJob("wrapped", 0));
    await submitJobFile({ content: '{"job": {"hello": {}}}', check: false }, options());
    const bodies = writes().map(({ path, body }) => [path, Object.keys(body as object)]);
    expect(bodies).toEqual([
      ["/v1/jobs", ["Job", "Submission"]],
      ["/v1/jobs", ["Job", "Submission"]],
      ["/v1/jobs/parse", ["JobHCL", "Canonicalize"]],
      ["/v1/jobs", ["Job", "Submission"]],
    ]);
    expect(fake.state.jobs.has("default\nbare")).toBe(true);
  });

  it.each([
    ["[1]", /no JSON object/, "json"],
    ["{", /no JSON:/, "auto"],
    ["{}", /neither ID nor Name/, "auto"],
    ['{"ID": 5}', /no Nomad job/, "auto"],
    ['{"ID": "x", "TaskGroups": "all"}', /no Nomad job/, "auto"],
  ] as const)("refuses %s", async (content, message, format) => {
    const refusal = submitJobFile({ content, format }, options());
    await expect(refusal).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
    await expect(refusal).rejects.toThrow(message);
    expect(writes()).toEqual([]);
  });

  it("puts the job where the call says, over what the file says", async () => {
    await submit(sampleJob("web"), { namespace: "development" });
    const [register] = writes();
    expect(register).toMatchObject({
      query: { namespace: "development" },
      body: { Job: { Namespace: "development" } },
    });
    await submit(sampleJob("web", undefined, { Namespace: "other" }));
    expect(writes().at(-1)?.query).toEqual({ namespace: "other" });
  });

  it("plans a dry run in words and hides the values of env", async () => {
    const big = sampleJob("big", 0);
    big.TaskGroups[0].Tasks[0].Driver = "docker";
    const { registered, plan } = await submit(big, { dry_run: true });
    expect(registered).toBe(false);
    expect(plan).toMatchObject({ placeable: false, changes: { g: { Place: 1 } }, destructive: false });
    expect(plan?.failures[0]?.explanation).toBe(
      'Group "g" (1 waiting) found no node: 1 node missed the constraint "missing drivers".',
    );
    expect(plan?.diff).toEqual(['Priority: "" -> "50"', "g.t.Env[SECRET]: (hidden) -> (hidden)"]);
    expect(fake.state.jobs.size).toBe(0);
    const planned = await planJobFile({ content: JSON.stringify(sampleJob("web")) }, options());
    expect(planned).toMatchObject({ placeable: true, warnings: [expect.stringContaining("raw_exec")] });
  });

  it("registers the short form and warns of literals", async () => {
    const { registration } = await createJob(
      {
        spec: { name: "${job}", image: "nginx:1.27", ports: { http: 80 }, env: { A: "b" }, memory_mb: 64 },
        check: false,
      },
      options(),
    );
    expect(registration?.warnings).toEqual([
      expect.stringContaining("literal ${job}"),
      expect.stringContaining("Name"),
    ]);
    expect(writes()[0]?.body).toMatchInlineSnapshot(`
      {
        "Job": {
          "Datacenters": [
            "*",
          ],
          "ID": "\${job}",
          "Name": "\${job}",
          "Namespace": "default",
          "TaskGroups": [
            {
              "Name": "\${job}",
              "Networks": [
                {
                  "DynamicPorts": [
                    {
                      "Label": "http",
                      "To": 80,
                    },
                  ],
                },
              ],
              "Tasks": [
                {
                  "Config": {
                    "image": "nginx:1.27",
                    "ports": [
                      "http",
                    ],
                  },
                  "Driver": "docker",
                  "Env": {
                    "A": "b",
                  },
                  "Name": "\${job}",
                  "Resources": {
                    "CPU": 100,
                    "MemoryMB": 64,
                  },
                },
              ],
            },
          ],
          "Type": "service",
        },
      }
    `);
    await expect(createJob({ spec: { name: "x" } }, options())).rejects.toThrow(/an image or a command/);
  });

  it("waits for the end, with progress, and says how far it came", async () => {
    const progress = vi.fn<(done: number, total?: number, message?: string) => void>();
    const content = JSON.stringify(sampleJob("bad", 3));
    const { waited } = await submitJobFile({ content, wait: "complete" }, { ...options(), progress });
    expect(waited).toMatchObject({ done: true, outcome: "failed", exits: [{ exit_code: 3 }] });
    expect(progress).toHaveBeenCalledWith(expect.any(Number), 30, expect.stringContaining("failed"));
    await submit(sampleJob("web"));
    const slow = await waitJob({ job_id: "web", timeout_seconds: 0.05 }, options());
    expect(slow).toMatchObject({ done: false, outcome: "running" });
    const ending = waitJob({ job_id: "web" }, options());
    setTimeout(() => {
      for (const each of fake.state.allocations) if (each.JobID === "web") each.ClientStatus = "failed";
      fake.touch();
    }, 50);
    expect(await ending).toMatchObject({ done: true, outcome: "failed" });
    expect(
      fake.requests.some(({ query }) => query["index"] !== undefined && query["wait"] !== undefined),
    ).toBe(true);
  });

  it("waits for a service's deployment before it calls it running", async () => {
    await submit(sampleJob("web"));
    const deployment = { ID: "d", JobID: "web", JobVersion: 0, Namespace: "default", Status: "running" };
    fake.state.deployments.push(deployment);
    const args = { job_id: "web", until: "running", timeout_seconds: 0.02 } as const;
    expect((await waitJob(args, options())).done).toBe(false);
    deployment.Status = "successful";
    expect((await waitJob(args, options())).done).toBe(true);
  });

  it("says what is wrong with a job", async () => {
    const { TaskGroups: _groups, ...empty } = sampleJob("x");
    expect(await validateJobFile({ content: JSON.stringify(empty) }, options())).toMatchObject({
      valid: false,
      problems: ["Missing job task groups"],
    });
  });
});

describe("starting, stopping and restarting", () => {
  it("stops, starts, purges and starts again from the config", async () => {
    const configs = memoryConfigs();
    await submit(sampleJob("web"));
    await stopJob({ job_id: "web", purge: false }, options());
    expect(fake.state.allocations[0].ClientStatus).toBe("complete");
    await startJob({ job_id: "web" }, options());
    expect(writes().at(-1)?.body).toMatchObject({ Job: { Stop: false }, EnforceIndex: true });
    expect((await getJobStatus({ job_id: "web" }, options())).outcome).toBe("running");
    await stopJob({ job_id: "web", purge: true, confirm: true }, options());
    await expect(startJob({ job_id: "web" }, options())).rejects.toMatchObject({
      code: "E_ENGINE_JOB_UNKNOWN",
    });
    await configs.put({
      name: "web",
      job_id: "web",
      spec_source: JSON.stringify(sampleJob("web")),
      meta: {},
      enabled: true,
      updated_at: "",
    });
    expect(await startJob({ job_id: "web" }, { ...options(), configs })).toMatchObject({ job_id: "web" });
    expect((await getJobStatus({ job_id: "web" }, options())).outcome).toBe("running");
  });

  it("restarts in place, in batches", async () => {
    await submit(
      sampleJob("web", undefined, { TaskGroups: [{ ...sampleJob("web").TaskGroups[0], Count: 3 }] }),
    );
    const answer = await restartJob({ job_id: "web", batch_size: 2 }, options());
    expect(answer.allocations.map(({ state }) => state)).toEqual(["restarted", "restarted", "restarted"]);
    expect(writes().filter(({ method }) => method === "PUT")).toHaveLength(3);
  });

  it("moves allocations, and stops at the first that fails", async () => {
    await submit(
      sampleJob("web", undefined, { TaskGroups: [{ ...sampleJob("web").TaskGroups[0], Count: 2 }] }),
    );
    const moved = await restartJob({ job_id: "web", mode: "migrate" }, options());
    expect(moved.allocations).toMatchObject([
      { state: "replaced", next_allocation: expect.any(String) },
      { state: "replaced" },
    ]);
    const answer = await restartJob({ job_id: "web" }, { ...options(), fetch: downOnPut });
    expect(answer.allocations.map(({ state }) => state)).toEqual(["failed", "skipped"]);
  });

  it("runs a finished batch job anew, and refuses a template", async () => {
    await submit(sampleJob("hello", 0));
    const answer = await restartJob({ job_id: "hello" }, options());
    expect(answer).toMatchObject({ mode: "stop_start", evaluation_id: expect.any(String) });
    expect(fake.state.allocations).toHaveLength(2);
    await submit(sampleJob("each", 0, { ParameterizedJob: {} }));
    await expect(restartJob({ job_id: "each" }, options())).rejects.toMatchObject({
      code: "E_ENGINE_REFUSED",
    });
  });

  it("says that a job it could not start again is stopped", async () => {
    await submit(sampleJob("web"));
    let registered = 0;
    const breaking: Fetch = async (url, init) =>
      init.method === "POST" && ++registered > 1
        ? new Response("No cluster leader", { status: 500 })
        : undiciFetch(url, init);
    const args = { job_id: "web", mode: "stop_start", confirm: true } as const;
    await expect(restartJob(args, { ...options(), fetch: breaking })).rejects.toThrow(
      /is stopped now: start_job/,
    );
    expect((await getJobStatus({ job_id: "web" }, options())).outcome).toBe("stopped");
  });

  it("is not to be repeated unseen when the answer is lost", async () => {
    await submit(sampleJob("web"));
    await expect(stopJob({ job_id: "web" }, { ...options(), fetch: losing })).rejects.toMatchObject({
      code: "E_ENGINE_UNREACHABLE",
      retryable: false,
      message: expect.stringContaining("may have been done"),
    });
    expect(writes().filter(({ method }) => method === "DELETE")).toHaveLength(1);
  });

  it("refuses a config whose file is of another job", async () => {
    const configs = memoryConfigs();
    const file = JSON.stringify(sampleJob("other"));
    await configs.put({
      name: "web",
      job_id: "web",
      spec_source: file,
      meta: {},
      enabled: true,
      updated_at: "",
    });
    await expect(startJob({ job_id: "web" }, { ...options(), configs })).rejects.toMatchObject({
      code: "E_OBJECT_CONFLICT",
    });
    expect(writes()).toEqual([]);
  });

  it("goes back to a version, scales and evaluates", async () => {
    await submit(sampleJob("web"));
    await submit(sampleJob("web", undefined, { Priority: 70 }));
    const { versions } = await getJobVersions({ job_id: "web" }, options());
    expect(versions.map(({ version }) => version)).toEqual([1, 0]);
    await revertJob({ job_id: "web", version: 0, confirm: true }, options());
    expect(fake.state.jobs.get("default\nweb")).toMatchObject({ Priority: 50, Version: 2 });
    expect(await scaleJob({ job_id: "web", count: 3 }, options())).toMatchObject({
      previous_count: 1,
      group: "g",
    });
    await expect(scaleJob({ job_id: "web", count: 1 }, options())).rejects.toThrow(/would stop 2 of 3/);
    await expect(scaleJob({ job_id: "web", group: "zz", count: 4 }, options())).rejects.toThrow(
      /has the groups g/,
    );
    await forceEvaluateJob({ job_id: "web" }, options());
    expect(writes().at(-1)).toMatchObject({
      path: "/v1/job/web/evaluate",
      body: { JobID: "web", EvalOptions: { ForceReschedule: true } },
    });
  });

  it("dispatches, and names the argument Nomad would answer 500 to", async () => {
    const parameterized = { Payload: "required", MetaRequired: ["input"], MetaOptional: ["mode"] };
    await submit(sampleJob("each", 0, { ParameterizedJob: parameterized }));
    const child = await dispatchJob({ job_id: "each", payload: "héllo", meta: { input: "a" } }, options());
    expect(writes().at(-1)?.body).toEqual({
      Payload: Buffer.from("héllo").toString("base64"),
      Meta: { input: "a" },
    });
    expect((await getJobStatus({ job_id: child.dispatched_job_id }, options())).outcome).toBe("succeeded");
    await expect(dispatchJob({ job_id: "each" }, options())).rejects.toThrow(/needs a payload/);
    const bad = { job_id: "each", payload: "x" };
    await expect(dispatchJob(bad, options())).rejects.toThrow(/needs the meta input/);
    await expect(dispatchJob({ ...bad, meta: { input: "", zz: "" } }, options())).rejects.toThrow(
      /not take the meta zz/,
    );
    await expect(dispatchJob({ ...bad, payload: "語".repeat(6000) }, options())).rejects.toThrow(/16 KiB/);
  });
});

describe("what is shown", () => {
  it("pages here where Nomad does not", async () => {
    for (const name of ["a", "b", "c"]) await submit(sampleJob(name, 0));
    const first = await listJobs({ per_page: 2 }, options());
    expect(first).toMatchObject({ jobs: [{ job_id: "a" }, { job_id: "b" }], next_token: "offset:2" });
    const second = await listJobs({ per_page: 2, next_token: first.next_token }, options());
    expect(second).toEqual({ jobs: [expect.objectContaining({ job_id: "c" })] });
    expect((await listJobs({ prefix: "b" }, options())).jobs).toHaveLength(1);
    expect((await listJobs({ status: "running" }, options())).jobs).toEqual([]);
  });

  it("hides the values of env and cuts a long specification", async () => {
    const job = sampleJob("web");
    job.TaskGroups[0].Tasks[0].Env = { PASSWORD: "hunter2", LONG: "x".repeat(10) };
    job.Meta = { padding: "y".repeat(60_000) };
    await submit(job);
    const first = await getJob({ job_id: "web" }, options());
    expect(first.next_offset).toBe(50_000);
    const second = await getJob({ job_id: "web", offset: first.next_offset }, options());
    const whole = JSON.parse(first.text + second.text);
    expect(whole.TaskGroups[0].Tasks[0].Env).toEqual({ PASSWORD: "(hidden)", LONG: "(hidden)" });
    await expect(getJob({ job_id: "web", offset: 1_000_000 }, options())).rejects.toThrow(/behind the end/);
  });

  it("finds an allocation by its beginning and refuses an ambiguous one", async () => {
    await submit(sampleJob("web"));
    const found = await getAllocationStatus({ allocation_id: "0000000" }, options()).catch(
      (error: unknown) => error,
    );
    expect(found).toMatchObject({ allocations: [{ job_id: "web" }] });
    fake.allocate("default", sampleJob("web"), sampleJob("web").TaskGroups[0], "web.g[1]");
    await expect(getAllocationStatus({ allocation_id: "00000" }, options())).rejects.toMatchObject({
      code: "E_ARGUMENT_INVALID",
      details: { candidates: [expect.any(String), expect.any(String)] },
    });
    expect(fake.requests.at(-1)?.query).toEqual({ prefix: "0000", namespace: "*" });
  });

  it("shows nodes with their resources in bytes", async () => {
    fake.state.node.NodeResources.Devices = [
      { Vendor: "nvidia", Type: "gpu", Name: "H100", Instances: [{}, {}] },
    ];
    expect(await listNodes({}, options())).toMatchObject({
      nodes: [
        {
          memory_bytes: 24_105 * 1_048_576,
          cpu_mhz: 5192,
          devices: { "nvidia/gpu/H100": 2 },
          drivers: ["exec", "java", "mock_driver", "raw_exec"],
        },
      ],
    });
  });
});

describe("nodes, signals and variables", () => {
  it.each([
    [{ deadline_seconds: 90 }, { Deadline: 90_000_000_000 }],
    [{}, { Deadline: 3_600_000_000_000 }],
    [{ no_deadline: true }, { Deadline: 0 }],
    [{ force: true }, { Deadline: -1 }],
  ])("drains with %j in nanoseconds", async (args, spec) => {
    await drainNode({ node_id: "dc951290", confirm: true, ...args }, options());
    expect(writes().at(-1)?.body).toEqual({ DrainSpec: { ...spec, IgnoreSystemJobs: false } });
  });

  it("calls a drain off", async () => {
    await drainNode({ node_id: fake.nodeId, enable: false }, options());
    expect(writes().at(-1)?.body).toEqual({ DrainSpec: null, MarkEligible: true });
  });

  it("takes only names of signals", async () => {
    await expect(
      signalAllocation({ allocation_id: "00000002", signal: "9; reboot" }, options()),
    ).rejects.toMatchObject({
      code: "E_ARGUMENT_INVALID",
    });
  });

  it("keeps the keys it was not given, by check and set, and hides values", async () => {
    const path = "nomad/jobs/web";
    await writeVariable({ path, items: { user: "ada", password: "hunter2" } }, options());
    expect(writes().at(-1)?.query).toMatchObject({ cas: "0" });
    await writeVariable({ path, items: { color: "red" } }, options());
    expect(writes().at(-1)?.body).toMatchObject({
      Items: { user: "ada", password: "hunter2", color: "red" },
    });
    const refused = writeVariable({ path, items: { color: "red" }, replace: true }, options());
    await expect(refused).rejects.toThrow(/drop user, password/);
    const hidden = await readVariable({ path }, options());
    expect(hidden).not.toHaveProperty("items");
    expect(hidden.keys).toEqual(["color", "password", "user"]);
    expect((await readVariable({ path }, { ...options(), allowVariableReads: true })).items).toMatchObject({
      user: "ada",
    });
    await expect(readVariable({ path: "../../v1/jobs" }, options())).rejects.toMatchObject({
      code: "E_ARGUMENT_INVALID",
    });
  });
});

describe("answers that make no sense", () => {
  it("end in an answer or in an error of ours", async () => {
    const reads = [getJobStatus, getJob, getJobEvaluations, getJobVersions] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...reads),
        fc.array(fc.jsonValue(), { minLength: 1 }),
        async (read, said) => {
          let at = 0;
          const odd: Fetch = async () => Response.json(said[at++ % said.length]);
          const outcome: unknown = await read({ job_id: "x" }, { fetch: odd, env: {} }).catch(
            (error: unknown) => error,
          );
          expect(outcome instanceof Error && !ParleyError.isInstance(outcome)).toBe(false);
        },
      ),
    );
  });

  it("of lists with null, missing and strange fields still show what is there", async () => {
    const odd = [
      { ID: "a", JobSummary: { Summary: { g: { Running: null } } } },
      { ID: "b", SubmitTime: 1e300 },
    ];
    const fetch: Fetch = async () => Response.json(odd);
    expect((await listJobs({}, { fetch, env: {} })).jobs.map(({ job_id }) => job_id)).toEqual(["a", "b"]);
  });

  it("never repeat the values of a variable in conflict", async () => {
    fake.state.variables.set("default\na/b", { Path: "a/b", Items: { key: "hunter2" }, ModifyIndex: 3 });
    const racing: Fetch = async (url, init) => {
      if (init.method === "PUT") fake.state.variables.get("default\na/b").ModifyIndex += 1;
      return undiciFetch(url, init);
    };
    const args = { path: "a/b", items: { more: "x" } };
    const conflict: unknown = await writeVariable(args, { ...options(), fetch: racing }).catch(
      (error: unknown) => error,
    );
    expect(conflict).toMatchObject({ code: "E_OBJECT_CONFLICT" });
    expect(String(conflict)).not.toContain("hunter2");
  });
});

describe("createNomad", () => {
  it("serves the seed's tools by default, nothing read before a call", async () => {
    const token = vi.fn<() => string>(() => "t");
    const nomad = createNomad({ ...options(), token });
    expect(token).not.toHaveBeenCalled();
    const registry = createRegistry();
    registry.replace(nomad.origin, nomad);
    const result = await registry.call("list_nomad_jobs", {}, toolContext());
    expect(result.structuredContent).toEqual({ jobs: [] });
    expect(token).toHaveBeenCalled();
    expect(nomad.prompts.map(({ name }) => name)).toEqual([
      "submit_nomad_job",
      "debug_nomad_job",
      "retry_nomad_placement",
    ]);
    const [prompt] = nomad.prompts;
    const said = await prompt?.get({ job_file: 'job "x" {}', namespace: "dev" }, toolContext());
    expect(said?.messages[0]?.content["text"]).toMatch(/in namespace "dev"[^]*plan_job[^]*job "x" \{\}/);
    await nomad.close();
    await nomad.close();
  });

  it("serves tools by name, such as the seed's ten", async () => {
    const nomad = createNomad({ ...options(), tools: standaloneTools });
    expect(nomad.tools.map(({ name }) => name).toSorted()).toEqual(standaloneTools.toSorted());
    expect(standaloneTools).toHaveLength(10);
    const reading = createNomad({
      ...options(),
      tools: ["stop_job", "list_nodes"],
      readOnly: true,
      prefix: "n_",
    });
    expect(reading.tools.map(({ name }) => name)).toEqual(["n_list_nodes"]);
    expect(() => createNomad({ tools: ["list_everything"] })).toThrow(/no tool list_everything/);
    await nomad.close();
  });

  it("refuses a toolset there is not, and needs the scope to act", async () => {
    // @ts-expect-error no such toolset
    expect(() => createNomad({ toolsets: ["everything"] })).toThrow(/no toolset everything/);
    const nomad = createNomad(options());
    const registry = createRegistry();
    registry.replace(nomad.origin, nomad);
    const reader = toolContext({ scopes: new Set(["read"]) });
    await expect(registry.call("stop_job", { job_id: "web" }, reader)).rejects.toMatchObject({
      code: "E_AUTH_FORBIDDEN",
    });
    expect(createNomad({ readOnly: true }).prompts.map(({ name }) => name)).toEqual(["debug_nomad_job"]);
    await nomad.close();
  });
});
