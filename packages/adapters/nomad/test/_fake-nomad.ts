// oxlint-disable typescript/no-explicit-any -- Nomad's documents are kept as they come.
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";

/** The recording of a real Nomad 1.0.18 by that name. */
export const fixture = (name: string): string =>
  readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8");
export const fixtureJson = (name: string): any => JSON.parse(fixture(name));

export interface Recorded {
  method: string;
  path: string;
  query: Record<string, string | string[]>;
  body?: unknown;
  token?: string | undefined;
}

export interface FakeOptions {
  /** Asked of every request when given. */
  token?: string;
  /** Without it log files cannot be listed. */
  canList?: boolean;
  tls?: { key: string; cert: string; ca?: string; requestCert?: boolean; rejectUnauthorized?: boolean };
  socketPath?: string;
}

type Any = any;
const key = (namespace: string, job: string): string => `${namespace}\n${job}`;
const nodeId = "dc951290-8ed5-130f-37c8-545e952eb9f6";

/** A small Nomad: jobs are placed, run and end; errors are plain text; a missing job can be stopped with 200. */
export async function startFakeNomad(options: FakeOptions = {}) {
  const requests: Recorded[] = [];
  const state = {
    index: 100,
    jobs: new Map<string, Any>(),
    versions: new Map<string, Any[]>(),
    allocations: [] as Any[],
    evaluations: [] as Any[],
    deployments: [] as Any[],
    namespaces: fixtureJson("namespaces.json") as Any[],
    variables: new Map<string, Any>(),
    node: fixtureJson("node.json"),
    logs: new Map<string, string>(),
    events: [] as string[],
    leader: "127.0.0.1:14647",
    /** Answers of the next requests, whatever they ask. */
    faults: [] as { status: number; text: string }[],
  };
  const waiting = new Set<() => void>();
  const touch = (): number => {
    state.index += 1;
    for (const wake of waiting) wake();
    return state.index;
  };
  let counter = 0;
  const id = (): string => `${(++counter).toString(16).padStart(8, "0")}-1ac3-1078-a057-07129e64392c`;

  function place(namespace: string, job: Any, trigger = "job-register"): string {
    const evalId = id();
    const template = fixtureJson("evals.json")[1];
    const evaluation = { ...template, ID: evalId, JobID: job.ID, Namespace: namespace, TriggeredBy: trigger };
    evaluation.CreateIndex = touch();
    Object.assign(evaluation, {
      FailedTGAllocs: null,
      BlockedEval: "",
      Status: "complete",
      QueuedAllocations: {},
    });
    state.evaluations.push(evaluation);
    if (job.Stop) {
      for (const each of allocationsOf(namespace, job.ID)) {
        if (each.ClientStatus === "running")
          Object.assign(each, { DesiredStatus: "stop", ClientStatus: "complete" });
      }
      job.Status = "dead";
      return evalId;
    }
    for (const group of job.TaskGroups ?? []) placeGroup(namespace, job, group, evaluation);
    return evalId;
  }

  function failedGroup(group: Any): Any {
    const task = group.Tasks?.[0] ?? {};
    const base = { ...fixtureJson("evals.json")[1].FailedTGAllocs.g };
    if ((task.Resources?.MemoryMB ?? 0) > 24_105) return base;
    if (task.Driver === "docker") {
      return {
        ...base,
        NodesExhausted: 0,
        NodesFiltered: 1,
        DimensionExhausted: null,
        ConstraintFiltered: { "missing drivers": 1 },
      };
    }
    return undefined;
  }

  function placeGroup(namespace: string, job: Any, group: Any, evaluation: Any): void {
    const failure = failedGroup(group);
    const count = group.Count ?? 1;
    if (failure !== undefined) {
      job.Status = "pending";
      evaluation.FailedTGAllocs = { [group.Name]: failure };
      evaluation.QueuedAllocations = { [group.Name]: count };
      const blocked = {
        ...fixtureJson("evals.json")[0],
        ID: id(),
        JobID: job.ID,
        Namespace: namespace,
        CreateIndex: touch(),
      };
      evaluation.BlockedEval = blocked.ID;
      state.evaluations.push(blocked);
      return;
    }
    const running = allocationsOf(namespace, job.ID).filter(
      (each) =>
        each.TaskGroup === group.Name && each.ClientStatus === "running" && each.DesiredStatus === "run",
    );
    for (const extra of running.slice(count))
      Object.assign(extra, { DesiredStatus: "stop", ClientStatus: "complete" });
    for (const kept of running.slice(0, count)) kept.JobVersion = job.Version;
    for (let at = running.length; at < count; at++)
      allocate(namespace, job, group, `${job.ID}.${group.Name}[${at}]`);
    job.Status = job.Type === "batch" ? "dead" : "running";
  }

  function allocate(namespace: string, job: Any, group: Any, name: string): Any {
    const made = structuredClone(fixtureJson("allocs.json")[0]);
    const task = group.Tasks?.[0] ?? { Name: "t" };
    const script = (task.Config?.args ?? []).join(" ");
    const exit = job.Type === "batch" ? Number(/exit (\d+)/.exec(script)?.[1] ?? 0) : undefined;
    const [recorded] = Object.values<Any>(made.TaskStates);
    const events = recorded.Events.slice(0, 3);
    const over =
      exit === undefined ? undefined : recorded.Events.find((each: Any) => each.Type === "Terminated");
    if (over !== undefined) {
      over.ExitCode = exit;
      over.Details.exit_code = String(exit);
      events.push(over);
    }
    const failed = exit !== undefined && exit !== 0;
    const allocation = {
      ...made,
      ID: id(),
      JobID: job.ID,
      JobType: job.Type,
      JobVersion: job.Version,
      Namespace: namespace,
      Name: name,
      TaskGroup: group.Name,
      ClientStatus: exit === undefined ? "running" : failed ? "failed" : "complete",
      ClientDescription:
        exit === undefined ? "Tasks are running" : failed ? "Failed tasks" : "All tasks have completed",
      CreateIndex: touch(),
      TaskStates: Object.fromEntries(
        (group.Tasks ?? [task]).map((each: Any) => [
          each.Name,
          { ...recorded, Events: events, Failed: failed, State: exit === undefined ? "running" : "dead" },
        ]),
      ),
    };
    state.allocations.push(allocation);
    state.logs.set(`${allocation.ID} ${task.Name} stdout`, "hi nomad\n");
    return allocation;
  }

  const allocationsOf = (namespace: string, job: string): Any[] =>
    state.allocations.filter((each) => each.JobID === job && each.Namespace === namespace);

  function register(namespace: string, body: Any): Any {
    const job = body.Job;
    const old = state.jobs.get(key(namespace, job.ID));
    if (!job.Datacenters?.length || !job.TaskGroups?.length)
      throw new Fault(500, fixture("register-bad.txt"));
    if (body.EnforceIndex && (old?.JobModifyIndex ?? 0) !== body.JobModifyIndex) {
      const reason =
        body.JobModifyIndex === 0
          ? "job already exists"
          : `job exists with conflicting job modify index: ${old?.JobModifyIndex ?? 0}`;
      throw new Fault(500, `Enforcing job modify index ${body.JobModifyIndex}: ${reason}`);
    }
    const index = touch();
    const stored = {
      ...job,
      Namespace: namespace,
      Type: job.Type ?? "service",
      JobModifyIndex: index,
      Version: old === undefined ? 0 : old.Version + 1,
      Status: "pending",
    };
    state.jobs.set(key(namespace, job.ID), stored);
    state.versions.set(key(namespace, job.ID), [
      structuredClone(stored),
      ...(state.versions.get(key(namespace, job.ID)) ?? []),
    ]);
    const evalId = job.ParameterizedJob || job.Periodic ? "" : place(namespace, stored);
    return { ...fixtureJson("register.json"), EvalID: evalId, JobModifyIndex: index };
  }

  function plan(namespace: string, body: Any): Any {
    const recorded = fixtureJson("plan.json");
    const old = state.jobs.get(key(namespace, body.Job.ID));
    const groups = (body.Job.TaskGroups ?? []).map((group: Any) => {
      const running =
        old === undefined
          ? 0
          : allocationsOf(namespace, body.Job.ID).filter((each) => each.ClientStatus === "running").length;
      const same =
        old !== undefined && JSON.stringify(old.TaskGroups) === JSON.stringify(body.Job.TaskGroups);
      const none = { ...recorded.Annotations.DesiredTGUpdates.g, Place: 0 };
      return [
        group.Name,
        running === 0
          ? { ...none, Place: group.Count ?? 1 }
          : same
            ? { ...none, Ignore: running }
            : { ...none, DestructiveUpdate: running },
      ];
    });
    const failed = (body.Job.TaskGroups ?? []).flatMap((group: Any) => {
      const failure = failedGroup(group);
      return failure === undefined ? [] : [[group.Name, failure]];
    });
    return {
      ...recorded,
      Annotations: { DesiredTGUpdates: Object.fromEntries(groups) },
      FailedTGAllocs: failed.length === 0 ? null : Object.fromEntries(failed),
      JobModifyIndex: old?.JobModifyIndex ?? 0,
      Diff: {
        Type: old === undefined ? "Added" : "Edited",
        ID: body.Job.ID,
        Fields: [{ Type: "Added", Name: "Priority", Old: "", New: "50" }],
        TaskGroups: [
          {
            Type: "Edited",
            Name: "g",
            Tasks: [
              {
                Type: "Edited",
                Name: "t",
                Fields: [{ Type: "Edited", Name: "Env[SECRET]", Old: "old", New: "new" }],
              },
            ],
          },
        ],
      },
    };
  }

  /** Nomad's own router: the path is decoded first, then verbs are cut off its end. */
  function jobRoute(request: Recorded, namespace: string, rest: string): Any {
    const verb =
      /^(.*?)\/(allocations|evaluations|evaluate|deployments|deployment|versions|revert|scale|dispatch|plan|submission|summary|periodic\/force)$/.exec(
        rest,
      );
    const jobId = verb?.[1] ?? rest;
    const job = state.jobs.get(key(namespace, jobId));
    const body = request.body as Any;
    const need = (): Any => {
      if (job === undefined) throw new Fault(404, fixture("job-missing.txt"));
      return job;
    };
    switch (`${request.method} ${verb?.[2] ?? ""}`) {
      case "GET ":
        return need();
      case "DELETE ": {
        if (job === undefined) return fixtureJson("stop-missing.json");
        job.Stop = true;
        job.JobModifyIndex = touch();
        const evalId = place(namespace, job, "job-deregister");
        if (request.query["purge"] === "true") {
          state.jobs.delete(key(namespace, jobId));
          state.allocations = state.allocations.filter((each) => each.JobID !== jobId);
        }
        return { ...fixtureJson("stop-missing.json"), EvalID: evalId };
      }
      case "GET allocations":
        return allocationsOf(namespace, jobId);
      case "GET evaluations":
        return state.evaluations.filter((each) => each.JobID === jobId && each.Namespace === namespace);
      case "POST evaluate":
        if (job === undefined) throw new Fault(500, "job not found");
        return { EvalID: place(namespace, job, "alloc-failure"), JobModifyIndex: job.JobModifyIndex };
      case "GET deployments":
        return state.deployments.filter((each) => each.JobID === jobId);
      case "GET deployment":
        return state.deployments.find((each) => each.JobID === jobId) ?? null;
      case "GET versions":
        need();
        return { Versions: state.versions.get(key(namespace, jobId)), Diffs: null };
      case "GET submission":
        throw new Fault(404, "job source not found");
      case "POST revert": {
        const old = state.versions
          .get(key(namespace, jobId))
          ?.find((each) => each.Version === body.JobVersion);
        if (old === undefined)
          throw new Fault(
            500,
            `job ${JSON.stringify(jobId)} in namespace ${JSON.stringify(namespace)} at version ${body.JobVersion} not found`,
          );
        return register(namespace, { Job: { ...old, Stop: false } });
      }
      case "GET scale":
        return {
          JobStopped: need().Stop ?? false,
          TaskGroups: Object.fromEntries(
            need().TaskGroups.map((group: Any) => [
              group.Name,
              { Desired: group.Count ?? 1, Placed: 1, Running: 1, Healthy: 0, Unhealthy: 0 },
            ]),
          ),
        };
      case "POST scale": {
        const changed = structuredClone(need());
        for (const group of changed.TaskGroups)
          if (group.Name === body.Target.Group) group.Count = body.Count;
        return register(namespace, { Job: changed });
      }
      case "POST dispatch": {
        const child = {
          ...structuredClone(need()),
          ID: `${jobId}/dispatch-1795172551-6d3f6a80`,
          ParentID: jobId,
          Dispatched: true,
        };
        child.Version = 0;
        state.jobs.set(key(namespace, child.ID), child);
        return { DispatchedJobID: child.ID, EvalID: place(namespace, child) };
      }
      case "POST periodic/force":
        if (!need().Periodic) throw new Fault(500, "can't force launch non-periodic job");
        return { EvalID: id() };
      case "POST plan":
        return plan(namespace, body);
      default:
        throw new Fault(405, "Invalid method");
    }
  }

  function clientRoute(request: Recorded, path: string): Any {
    const [, kind, second, third] = path.split("/");
    if (kind === "allocation") {
      const found = state.allocations.find((each) => each.ID === second);
      if (found === undefined) throw new Fault(404, "Unknown allocation");
      if (third === "restart") {
        for (const task of Object.values<Any>(found.TaskStates)) task.Restarts += 1;
        touch();
      }
      return {};
    }
    const allocation = third ?? "";
    if (second === "ls") {
      if (options.canList === false) throw new Fault(403, "Permission denied");
      return [...state.logs].flatMap(([name, text]) => {
        const [id, task, stream] = name.split(" ");
        return id === allocation
          ? [{ Name: `${task}.${stream}.0`, Size: Buffer.byteLength(text), IsDir: false }]
          : [];
      });
    }
    const { task, type, origin, offset = "0" } = request.query;
    const found = state.allocations.find((each) => each.ID === allocation);
    if (found === undefined) throw new Fault(404, "alloc not found");
    if (!(String(task) in found.TaskStates))
      throw new Fault(400, `unknown task name ${JSON.stringify(task)}`);
    const bytes = Buffer.from(state.logs.get(`${allocation} ${String(task)} ${String(type)}`) ?? "");
    const start =
      origin === "end" ? Math.max(0, bytes.length - Number(offset)) : Math.min(bytes.length, Number(offset));
    return bytes.subarray(start);
  }

  function variableRoute(request: Recorded, namespace: string, path: string): Any {
    const name = key(namespace, path);
    const found = state.variables.get(name);
    if (request.method === "GET") {
      if (found === undefined) throw new Fault(404, "variable not found");
      return found;
    }
    if (Number(request.query["cas"] ?? found?.ModifyIndex ?? 0) !== (found?.ModifyIndex ?? 0)) {
      throw new Fault(409, JSON.stringify(found));
    }
    if (request.method === "DELETE") {
      state.variables.delete(name);
      touch();
      return Buffer.alloc(0);
    }
    const written = { ...(request.body as Any), ModifyIndex: touch(), CreateTime: 0, ModifyTime: 0 };
    state.variables.set(name, written);
    return written;
  }

  function route(request: Recorded): Any {
    const rest = request.path.slice("/v1/".length);
    const namespace = String(request.query["namespace"] ?? "default");
    const inside = (each: Any): boolean => namespace === "*" || each.Namespace === namespace;
    const prefix = String(request.query["prefix"] ?? "");
    const body = request.body as Any;
    if (rest === "jobs" && request.method === "GET") {
      const [template] = fixtureJson("jobs.json");
      return [...state.jobs.values()]
        .filter((each) => inside(each) && each.ID.startsWith(prefix))
        .map((each) => ({
          ...template,
          ...each,
          ParameterizedJob: Boolean(each.ParameterizedJob),
          Periodic: Boolean(each.Periodic),
          ParentID: each.ParentID ?? "",
          Stop: Boolean(each.Stop),
        }));
    }
    if (rest === "jobs") return register(namespace, body);
    if (rest === "jobs/parse") {
      if (/zz /.test(body.JobHCL)) throw new Fault(400, fixture("parse-bad.txt"));
      return { ...fixtureJson("parse.json"), Namespace: null };
    }
    if (rest === "validate/job")
      return {
        ValidationErrors: body.Job.TaskGroups ? null : ["Missing job task groups"],
        Error: "",
        Warnings: "",
      };
    if (rest.startsWith("job/")) return jobRoute(request, namespace, rest.slice(4));
    if (rest === "allocations")
      return state.allocations.filter((each) => inside(each) && each.ID.startsWith(prefix));
    if (rest.startsWith("allocation/")) return allocationRoute(rest);
    if (rest.startsWith("client/")) return clientRoute(request, rest);
    if (rest === "deployments")
      return state.deployments.filter((each) => inside(each) && each.ID.startsWith(prefix));
    if (rest.startsWith("deployment/")) return deploymentRoute(request, rest.split("/"));
    if (rest === "nodes")
      return [{ ...fixtureJson("nodes.json")[0], NodeResources: state.node.NodeResources }].filter((each) =>
        each.ID.startsWith(prefix),
      );
    if (rest.startsWith("node/")) return nodeRoute(request, rest.split("/"));
    if (rest === "namespaces") return state.namespaces;
    if (rest.startsWith("namespace")) return namespaceRoute(request, rest.split("/")[1]);
    if (rest === "vars") return [...state.variables.values()].filter((each) => each.Path.startsWith(prefix));
    if (rest.startsWith("var/")) return variableRoute(request, namespace, rest.slice(4));
    if (rest === "status/leader") return state.leader;
    if (rest === "status/peers") return ["127.0.0.1:14647"];
    if (rest === "regions") return ["global"];
    if (rest === "search") return fixtureJson("search.json");
    throw new Fault(404, "404 page not found");
  }

  function allocationRoute(rest: string): Any {
    const [, allocation, verb] = rest.split("/");
    const found = state.allocations.find((each) => each.ID === allocation);
    if (found === undefined) throw new Fault(404, "alloc not found");
    if (verb !== "stop") return { ...found, JobVersion: undefined, Job: { Version: found.JobVersion } };
    const job = state.jobs.get(key(found.Namespace, found.JobID));
    Object.assign(found, { DesiredStatus: "stop", ClientStatus: "complete" });
    const group = job.TaskGroups.find((each: Any) => each.Name === found.TaskGroup);
    found.NextAllocation = allocate(found.Namespace, job, group, found.Name).ID;
    return { EvalID: id() };
  }

  function deploymentRoute(request: Recorded, [, first = "", second]: string[]): Any {
    const found = state.deployments.find((each) => each.ID === (second ?? first));
    if (found === undefined) throw new Fault(404, "deployment not found");
    if (request.method === "GET") return found;
    found.Status = { promote: "successful", fail: "failed", pause: "paused" }[first];
    touch();
    return { EvalID: id() };
  }

  function nodeRoute(request: Recorded, [, node, verb]: string[]): Any {
    if (node !== state.node.ID) throw new Fault(404, "node not found");
    const body = request.body as Any;
    if (verb === "drain") {
      state.node.Drain = body.DrainSpec !== null;
      touch();
    }
    if (verb === "eligibility") state.node.SchedulingEligibility = body.Eligibility;
    return verb === undefined ? state.node : { NodeModifyIndex: touch() };
  }

  function namespaceRoute(request: Recorded, name: string | undefined): Any {
    if (request.method === "DELETE") {
      if ([...state.jobs.values()].some((each) => each.Namespace === name))
        throw new Fault(500, `namespace ${JSON.stringify(name)} has non-terminal jobs in regions: [global]`);
      state.namespaces = state.namespaces.filter((each) => each.Name !== name);
    } else state.namespaces.push(request.body);
    touch();
    return Buffer.alloc(0);
  }

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await record(message);
    requests.push(request);
    const fault = state.faults.shift();
    try {
      if (fault !== undefined) throw new Fault(fault.status, fault.text);
      if (
        options.token !== undefined &&
        request.token !== options.token &&
        !request.path.startsWith("/v1/status/")
      ) {
        throw request.token === undefined
          ? new Fault(403, "Permission denied")
          : new Fault(403, "ACL token not found");
      }
      if (request.path === "/v1/event/stream") return streamEvents(response);
      const { index, wait } = request.query;
      if (index !== undefined && Number(index) >= state.index) await block(Number.parseFloat(String(wait)));
      const found = route(request);
      response.setHeader("X-Nomad-Index", String(state.index));
      response.end(Buffer.isBuffer(found) ? found : JSON.stringify(found));
    } catch (error) {
      response.statusCode = error instanceof Fault ? error.status : 599;
      response.setHeader("Content-Type", "text/plain; charset=utf-8");
      response.end(error instanceof Error ? error.message : "");
    }
  }

  async function block(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      waiting.add(wake);
    });
  }

  function streamEvents(response: ServerResponse): void {
    response.write("{}\n");
    for (const line of state.events.splice(0)) response.write(line);
    setTimeout(() => response.destroy(), 20);
  }

  const listener = (message: IncomingMessage, response: ServerResponse): void =>
    void answer(message, response);
  const server: Server =
    options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
  await new Promise<void>((resolve) => {
    if (options.socketPath === undefined) server.listen(0, "127.0.0.1", resolve);
    else server.listen(options.socketPath, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const http = `${options.tls === undefined ? "http" : "https"}://127.0.0.1:${String(port)}`;
  return {
    address: options.socketPath === undefined ? http : `unix://${options.socketPath}`,
    requests,
    state,
    touch,
    nodeId,
    allocate,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type FakeNomad = Awaited<ReturnType<typeof startFakeNomad>>;

class Fault extends Error {
  readonly status: number;
  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

async function record(message: IncomingMessage): Promise<Recorded> {
  const url = new URL(message.url ?? "", "http://fake");
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const query: Recorded["query"] = {};
  for (const name of url.searchParams.keys()) {
    const values = url.searchParams.getAll(name);
    query[name] = values.length > 1 ? values : (values[0] ?? "");
  }
  const token = message.headers["x-nomad-token"];
  return {
    method: message.method ?? "",
    path: decodeURIComponent(url.pathname),
    query,
    ...(text === "" ? {} : { body: JSON.parse(text) }),
    ...(typeof token === "string" ? { token } : {}),
  };
}

/** A batch job whose task ends with a status, or a service without one. */
export function sampleJob(id: string, exit?: number, more: Record<string, unknown> = {}): Any {
  const { SubmitTime: _time, ...job } = fixtureJson("parse.json");
  const [group] = job.TaskGroups;
  const [task] = group.Tasks;
  const args = ["-c", exit === undefined ? "sleep 1000" : `echo hi nomad; exit ${String(exit)}`];
  const tasks = [{ ...task, Config: { command: "/bin/sh", args } }];
  return {
    ...job,
    ID: id,
    Name: id,
    Namespace: "default",
    Type: exit === undefined ? "service" : "batch",
    TaskGroups: [{ ...group, Tasks: tasks }],
    ...more,
  };
}
