import { z } from "zod";
import type { EngineState, FakeEngine, RouteAnswer, RouteCall } from "./_fake-engine.ts";

type Route = (call: RouteCall) => RouteAnswer;

const Cluster = z.object({
  instance_type: z.string(),
  num_nodes: z.number().nullish(),
  tp_cluster_name: z.string().optional(),
  public_keys: z.array(z.string()).optional(),
  deletion_protection: z.boolean().optional(),
});

/** A change that is still going on: the next question finds it working, the one after that done. */
function began(engine: FakeEngine, data: Record<string, unknown>): RouteAnswer {
  const request_id = engine.nextId("r");
  engine.state.pending.set(request_id, 1);
  return { status: 202, data: { request_id, ...data } };
}

const table = (names: readonly string[], rows: readonly (readonly string[])[]): string =>
  [names, names.map((name) => "-".repeat(name.length)), ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");

const missing = (what: string): RouteAnswer => ({ status: 404, data: { message: `${what} not found` } });
const ok = (data: Record<string, unknown>): RouteAnswer => ({ status: 200, data });

function cluster(state: EngineState, id: string | undefined): ReturnType<EngineState["clusters"]["get"]> {
  return state.clusters.get(id ?? "");
}

const routes: Readonly<Record<string, Route>> = {
  "POST cluster/create": ({ engine, body }) => {
    const {
      instance_type,
      num_nodes,
      tp_cluster_name,
      public_keys = [],
      deletion_protection,
    } = Cluster.parse(body);
    if (!/^\d+x/.test(instance_type))
      return { status: 400, data: { message: `Unknown type ${instance_type}` } };
    const id = engine.nextId("c");
    engine.state.clusters.set(id, {
      id,
      name: tp_cluster_name ?? "brave-otter",
      type: instance_type,
      nodes: num_nodes ?? 1,
      keys: public_keys,
      protected: deletion_protection ?? false,
    });
    return began(engine, {
      cluster_id: id,
      instance_ids: [`i-${id}`],
      message: `Cluster ${id} is being created`,
    });
  },
  "GET cluster/list": ({ engine }) =>
    ok({
      message: table(
        ["Cluster ID", "Name", "Type"],
        [...engine.state.clusters.values()].map(({ id, name, type }) => [id, name, type]),
      ),
    }),
  "GET cluster/info/*": ({ engine, parts }) => {
    const found = cluster(engine.state, parts[2]);
    return found === undefined
      ? missing("Cluster")
      : ok({ message: `${found.id} ${found.name} ${found.type} RUNNING` });
  },
  "PATCH cluster/edit/*": ({ engine, parts, body }) => {
    const found = cluster(engine.state, parts[2]);
    if (found === undefined) return missing("Cluster");
    if (typeof body["cluster_name"] === "string") found.name = body["cluster_name"];
    if (typeof body["deletion_protection"] === "boolean") found.protected = body["deletion_protection"];
    return began(engine, { message: "Cluster edited" });
  },
  "DELETE cluster/*": ({ engine, parts }) => {
    const found = cluster(engine.state, parts[1]);
    if (found === undefined) return missing("Cluster");
    if (found.protected) return { status: 409, data: { message: "Deletion protection is on" } };
    engine.state.clusters.delete(found.id);
    return began(engine, { message: `Cluster ${found.id} is being destroyed` });
  },
  "GET request/info/*": ({ engine, parts }) => {
    const left = engine.state.pending.get(parts[2] ?? "");
    if (left === undefined) return missing("Request");
    engine.state.pending.set(parts[2] ?? "", left - 1);
    return ok(
      left > 0
        ? { status: "PROCESSING", message: "Provisioning" }
        : { status: "COMPLETED", message: "Ready" },
    );
  },
  "GET job/list": ({ engine }) =>
    ok({
      message: table(
        ["Job ID", "Status"],
        [...engine.state.jobs.values()].map(({ id, status }) => [id, status]),
      ),
    }),
  "GET job/info/*": ({ engine, parts }) => {
    const job = engine.state.jobs.get(parts[2] ?? "");
    if (job === undefined) return missing("Job");
    return ok({ job_info: { status: job.status }, message: `Job ${job.id}\nStatus: ${job.status}` });
  },
  "POST job/cancel/*": ({ engine, parts }) => {
    const job = engine.state.jobs.get(parts[2] ?? "");
    if (job === undefined) return missing("Job");
    job.status = "canceled";
    return { status: 202, data: { message: `Job ${job.id} cancellation initiated` } };
  },
  "DELETE job/delete/*": ({ engine, parts }) => {
    const job = engine.state.jobs.get(parts[2] ?? "");
    if (job === undefined) return missing("Job");
    if (job.status === "running") return { status: 409, data: { message: "The job is running" } };
    engine.state.jobs.delete(job.id);
    return ok({ message: "Job deleted" });
  },
  "GET job/pull/*": ({ engine, parts }) => {
    const { mischief, state, address } = engine;
    if (!state.jobs.has(parts[2] ?? "")) return missing("Job");
    if (mischief.pullCommand !== undefined) return ok({ command: mischief.pullCommand });
    const files = [...state.files.keys()].map((path) => [
      path,
      `${address}/files/${encodeURIComponent(path)}?X-Amz-Signature=abcdef0123456789`,
    ]);
    return ok({ download_map: mischief.downloads ?? Object.fromEntries(files) });
  },
  "POST storage/create": ({ engine, body }) => {
    const id = engine.nextId("s");
    const name = typeof body["name"] === "string" ? body["name"] : "disk";
    engine.state.volumes.set(id, { id, name, size: Number(body["size"]), clusters: [] });
    return began(engine, { storage_id: id, message: `Volume ${id} is being created` });
  },
  "GET storage/list": ({ engine }) =>
    ok({
      message: table(
        ["Storage ID", "GB"],
        [...engine.state.volumes.values()].map(({ id, size }) => [id, String(size)]),
      ),
    }),
  "GET storage/info/*": ({ engine, parts }) => {
    const found = engine.state.volumes.get(parts[2] ?? "");
    return found === undefined
      ? missing("Volume")
      : ok({ message: `${found.id} ${found.name} ${String(found.size)} GB` });
  },
  "PATCH storage/edit/*": ({ engine, parts, body }) => {
    const found = engine.state.volumes.get(parts[2] ?? "");
    if (found === undefined) return missing("Volume");
    if (typeof body["size_gb"] === "number") found.size = body["size_gb"];
    return began(engine, { message: "Volume edited" });
  },
  "DELETE storage/*": ({ engine, parts }) =>
    engine.state.volumes.delete(parts[1] ?? "")
      ? began(engine, { message: "Volume destroyed" })
      : missing("Volume"),
  "POST storage/attach": ({ engine, body }) => {
    const found = engine.state.volumes.get(String(body["storage_id"]));
    if (found === undefined) return missing("Volume");
    found.clusters.push(...z.array(z.string()).parse(body["cluster_ids"]));
    const made = began(engine, { message: "Attaching" });
    return { status: 202, data: { message: "Attaching", request_ids: [made.data["request_id"]] } };
  },
  "POST storage/detach": ({ engine, body }) => {
    const found = engine.state.volumes.get(String(body["storage_id"]));
    if (found === undefined) return missing("Volume");
    found.clusters.splice(0);
    return began(engine, { message: "Detaching" });
  },
  "GET user/info": () => ok({ message: "ada@example.org, balance $12.50" }),
  "GET user/ssh-key/list": ({ engine }) =>
    ok({
      message: table(
        ["Key ID", "Key"],
        [...engine.state.keys].map(([id, key]) => [id, key.slice(0, 20)]),
      ),
    }),
  "POST user/ssh-key/add": ({ engine, body }) => {
    engine.state.keys.set(engine.nextId("k"), String(body["public_key"]));
    return ok({ message: "SSH key added" });
  },
  "DELETE user/ssh-key/remove/*": ({ engine, parts }) =>
    engine.state.keys.delete(parts[3] ?? "") ? ok({ message: "SSH key removed" }) : missing("Key"),
  "GET object-storage/bucket/list": ({ engine }) => ok({ buckets: [...engine.state.buckets] }),
  "PUT object-storage/bucket/create/*": ({ engine, parts }) => {
    engine.state.buckets.add(parts[3] ?? "");
    return { status: 201, data: { message: "Bucket created" } };
  },
  "DELETE object-storage/bucket/delete/*": ({ engine, parts }) =>
    engine.state.buckets.delete(parts[3] ?? "") ? { status: 204, data: {} } : missing("Bucket"),
};

/** The route of a method and path; `*` stands for one part. */
export function findRoute(method: string, parts: readonly string[]): Route | undefined {
  const whole = parts.join("/");
  const last = [...parts.slice(0, -1), "*"].join("/");
  return routes[`${method} ${whole}`] ?? routes[`${method} ${last}`];
}
