import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { send, status } from "./_fake-answers.ts";
import { discovery } from "./_fake-discovery.ts";
import { keyOf, kinds } from "./_fake-kinds.ts";
import type { Kind } from "./_fake-kinds.ts";
import { Change, hasFields, hasLabels, KubeObject, patched } from "./_fake-objects.ts";
import type { Container } from "./_fake-objects.ts";

/** A Kubernetes API of one process, for kubectl or its stand-in to speak to. */
export interface FakeCluster {
  readonly objects: Map<string, KubeObject>;
  /** Log text by pod. */
  readonly logs: Map<string, string>;
  /** Requests that changed something, as `METHOD path?query`. */
  readonly writes: string[];
  /** Environment in which kubectl finds this cluster, and no other. */
  readonly env: Record<string, string>;
  add(object: KubeObject): KubeObject;
  /** Lets the pod of a job end. */
  finish(job: string, exitCode: number): void;
  /** Ends every watch, as an API server does after some minutes. */
  endWatches(): void;
  /** Watches that are open. */
  readonly watching: number;
  /** Refuses everything with 403 when set. */
  forbidden: boolean;
  close(): Promise<void>;
}

/** Starts a cluster. @param kubectl - folder of a real kubectl; without it the stand-in is used. */
export async function startFakeCluster(kubectl?: string): Promise<FakeCluster> {
  const folder = await mkdtemp(join(tmpdir(), "parley-fake-cluster-"));
  if (kubectl === undefined) {
    await symlink(join(import.meta.dirname, "_stand-in-kubectl.mjs"), join(folder, "kubectl"));
  }
  const world = new World();
  const server = createServer((request, response) => void world.answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const config = join(folder, "kubeconfig");
  await writeFile(config, kubeconfig(port));
  const nodeFolder = join(process.execPath, "..");
  world.env = {
    PATH: `${kubectl ?? folder}:${nodeFolder}:/usr/bin:/bin`,
    HOME: folder,
    KUBECONFIG: config,
    HPC_ROOTS: folder,
  };
  world.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  };
  return world;
}

function kubeconfig(port: number): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "lab",
    clusters: [{ name: "lab", cluster: { server: `http://127.0.0.1:${String(port)}` } }],
    contexts: [
      { name: "lab", context: { cluster: "lab", user: "ada", namespace: "default" } },
      { name: "other", context: { cluster: "lab", user: "ada", namespace: "elsewhere" } },
    ],
    users: [{ name: "ada", user: {} }],
  });
}

class World implements FakeCluster {
  readonly objects = new Map<string, KubeObject>();
  readonly logs = new Map<string, string>();
  readonly writes: string[] = [];
  env: Record<string, string> = {};
  forbidden = false;
  close: () => Promise<void> = async () => {};
  #version = 100;
  readonly #watchEnds = new Set<() => void>();
  readonly #watchers = new Set<(type: string, object: KubeObject) => void>();

  get watching(): number {
    return this.#watchers.size;
  }

  add(object: KubeObject): KubeObject {
    const known = kinds.find(({ kind }) => kind === object.kind);
    if (known === undefined) throw new Error(`No kind ${object.kind}`);
    return this.put(known, { namespace: object.metadata.namespace ?? "default", object });
  }

  put(kind: Kind, { namespace, object }: { namespace: string; object: KubeObject }): KubeObject {
    this.#version += 1;
    const key = keyOf(kind, namespace, object.metadata.name);
    const before = this.objects.get(key);
    const stored = {
      apiVersion: kind.groupVersion,
      ...object,
      metadata: {
        ...object.metadata,
        ...(kind.namespaced ? { namespace } : {}),
        uid: before?.metadata.uid ?? `uid-${String(this.#version)}`,
        creationTimestamp: before?.metadata.creationTimestamp ?? "2026-11-20T10:40:46Z",
        resourceVersion: String(this.#version),
      },
    };
    this.objects.set(key, stored);
    for (const tell of this.#watchers) tell(before === undefined ? "ADDED" : "MODIFIED", stored);
    if (kind.kind === "Job" && before === undefined) this.#startJob(namespace, stored);
    return stored;
  }

  #startJob(namespace: string, job: KubeObject): void {
    const { name } = job.metadata;
    const { metadata, spec } = job.spec?.template ?? {};
    const [container] = spec?.containers ?? [];
    if (spec === undefined || container === undefined) throw new Error(`Job ${name} has no container.`);
    this.add({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: `${name}-abcde`,
        namespace,
        labels: { "job-name": name, ...metadata?.labels },
      },
      spec: { ...spec, ...(wantsGpus(container) ? {} : { nodeName: "n1" }) },
      status: startOf(container),
    });
    this.add({ ...job, status: { active: 1, startTime: "2026-11-20T10:40:46Z" } });
  }

  finish(job: string, exitCode: number): void {
    const pod = this.#stored(`pods/default/${job}-abcde`);
    const object = this.#stored(`jobs/default/${job}`);
    const ended = { terminated: { exitCode, reason: exitCode === 0 ? "Completed" : "Error" } };
    const phase = exitCode === 0 ? "Succeeded" : "Failed";
    this.add({
      ...pod,
      status: { phase, containerStatuses: [{ name: "main", restartCount: 0, state: ended }] },
    });
    const condition =
      exitCode === 0
        ? { type: "Complete", status: "True" }
        : {
            type: "Failed",
            status: "True",
            reason: "BackoffLimitExceeded",
            message: "Job has reached the specified backoff limit",
          };
    const counts = exitCode === 0 ? { succeeded: 1, completionTime: "2026-11-20T10:41:46Z" } : { failed: 1 };
    this.add({ ...object, status: { ...counts, conditions: [condition] } });
  }

  #stored(key: string): KubeObject {
    const object = this.objects.get(key);
    if (object === undefined) throw new Error(`There is no ${key}.`);
    return object;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://x");
    let body = "";
    for await (const piece of request) body += String(piece);
    if (this.forbidden && !/^\/(?:version|apis?)(?:\/|$)/.test(url.pathname.replace(/\/namespaces.*/, ""))) {
      return send(response, 403, status("Forbidden", "no"));
    }
    const discovered = discovery(url.pathname);
    if (discovered !== undefined) return send(response, 200, discovered);
    const found =
      /^\/(?:api\/v1|apis\/([^/]+\/[^/]+))(?:\/namespaces\/([^/]+))?\/(\w+)(?:\/([^/]+))?(?:\/(\w+))?$/.exec(
        url.pathname,
      );
    const kind = kinds.find(
      ({ plural, groupVersion }) => plural === found?.[3] && groupVersion === (found[1] ?? "v1"),
    );
    if (found === null || kind === undefined)
      return send(response, 404, status("NotFound", "the server could not find the requested resource"));
    if (this.forbidden)
      return send(
        response,
        403,
        status("Forbidden", `${kind.plural} is forbidden: User "ada" cannot list resource "${kind.plural}"`),
      );
    this.#serve(
      { request, response, url, body },
      { kind, namespace: found[2], name: found[4], sub: found[5] },
    );
  }

  #serve(
    {
      request,
      response,
      url,
      body,
    }: { request: IncomingMessage; response: ServerResponse; url: URL; body: string },
    at: { kind: Kind; namespace: string | undefined; name: string | undefined; sub: string | undefined },
  ): void {
    const { kind, namespace, name, sub } = at;
    const method = request.method ?? "GET";
    const dry = url.searchParams.has("dryRun") || /"dryRun":\s*\[/.test(body);
    if (method !== "GET" && !dry) this.writes.push(`${method} ${url.pathname}`);
    if (sub === "log") return this.#log(response, name ?? "", url.searchParams);
    if (name === undefined && method === "GET") return this.#list({ response, url }, kind, namespace);
    if (method === "POST") {
      const object = KubeObject.parse(JSON.parse(body));
      if (this.objects.has(keyOf(kind, namespace, object.metadata.name))) {
        return send(
          response,
          409,
          status(
            "AlreadyExists",
            `${kind.plural}.${kind.groupVersion.split("/")[0] ?? ""} "${object.metadata.name}" already exists`,
          ),
        );
      }
      return send(
        response,
        201,
        dry
          ? { ...object, metadata: { ...object.metadata, namespace } }
          : this.put(kind, { namespace: namespace ?? "default", object }),
      );
    }
    const key = keyOf(kind, namespace, name ?? "");
    const present = this.objects.get(key);
    if (method === "PATCH") return this.#patch({ request, response, url, body, dry }, { ...at, present });
    if (present === undefined)
      return send(response, 404, status("NotFound", `${kind.plural} "${name ?? ""}" not found`));
    if (method === "DELETE") {
      if (!dry) this.#remove(key, present);
      return send(response, 200, {
        kind: "Status",
        apiVersion: "v1",
        status: "Success",
        details: { name, kind: kind.plural, uid: present.metadata.uid },
      });
    }
    if (method === "PUT" && sub === "scale") {
      const given = Change.parse(JSON.parse(body));
      this.#scale(kind, { namespace, object: present, replicas: given.spec?.replicas });
      return send(response, 200, given);
    }
    if (sub === "scale") {
      return send(response, 200, {
        kind: "Scale",
        apiVersion: "autoscaling/v1",
        metadata: present.metadata,
        spec: { replicas: present.spec?.replicas },
        status: { replicas: present.spec?.replicas },
      });
    }
    send(response, 200, present);
  }

  #patch(
    {
      request,
      response,
      body,
      dry,
    }: { request: IncomingMessage; response: ServerResponse; url: URL; body: string; dry: boolean },
    {
      kind,
      namespace,
      name,
      present,
      sub,
    }: {
      kind: Kind;
      namespace: string | undefined;
      name: string | undefined;
      present: KubeObject | undefined;
      sub: string | undefined;
    },
  ): void {
    const applying = request.headers["content-type"]?.includes("apply-patch") === true;
    if (present === undefined && !applying)
      return send(response, 404, status("NotFound", `${kind.plural} "${name ?? ""}" not found`));
    const given: unknown = JSON.parse(body);
    const change = Change.safeParse(given).data?.spec;
    if (change?.refused === true)
      return send(
        response,
        422,
        status("Invalid", `${kind.kind} "${name ?? ""}" is invalid: spec.refused: Forbidden`),
      );
    if (sub === "scale" && present !== undefined) {
      this.#scale(kind, { namespace, object: present, replicas: change?.replicas });
      return send(response, 200, {
        kind: "Scale",
        apiVersion: "autoscaling/v1",
        metadata: present.metadata,
        spec: change,
      });
    }
    const object = patched(present, given);
    if (dry)
      return send(response, 200, {
        ...object,
        metadata: { uid: "dry", ...object.metadata, ...(kind.namespaced ? { namespace } : {}) },
      });
    send(response, 200, this.put(kind, { namespace: namespace ?? "default", object }));
  }

  #scale(
    kind: Kind,
    {
      namespace = "default",
      object,
      replicas,
    }: { namespace: string | undefined; object: KubeObject; replicas: number | undefined },
  ): void {
    this.put(kind, { namespace, object: { ...object, spec: { ...object.spec, replicas } } });
  }

  #list(
    { response, url }: { response: ServerResponse; url: URL },
    kind: Kind,
    namespace: string | undefined,
  ): void {
    const fits = (object: KubeObject): boolean =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      hasLabels(object, url.searchParams.get("labelSelector")) &&
      hasFields(object, url.searchParams.get("fieldSelector"));
    const items = [...this.objects]
      .filter(([key, object]) => key.startsWith(`${kind.plural}/`) && fits(object))
      .map(([, object]) => object);
    if (!url.searchParams.has("watch")) {
      return send(response, 200, {
        kind: `${kind.kind}List`,
        apiVersion: kind.groupVersion,
        metadata: { resourceVersion: String(this.#version) },
        items,
      });
    }
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    const tell = (type: string, object: KubeObject): void => {
      if (object.kind === kind.kind && fits(object)) response.write(`${JSON.stringify({ type, object })}\n`);
    };
    // A list that is followed by a watch names the version it is of.
    const since = Number(url.searchParams.get("resourceVersion") ?? 0);
    for (const object of items) if (Number(object.metadata.resourceVersion) > since) tell("ADDED", object);
    const end = (): void => {
      this.#watchers.delete(tell);
      response.end();
    };
    this.#watchers.add(tell);
    this.#watchEnds.add(end);
    response.on("close", () => {
      this.#watchers.delete(tell);
      this.#watchEnds.delete(end);
    });
  }

  /** Ends every watch, as an API server does after some minutes. */
  endWatches(): void {
    for (const end of this.#watchEnds) end();
  }

  #remove(key: string, object: KubeObject): void {
    this.objects.delete(key);
    for (const tell of this.#watchers) tell("DELETED", object);
    if (object.kind === "Job")
      this.objects.delete(`pods/${object.metadata.namespace ?? "default"}/${object.metadata.name}-abcde`);
  }

  #log(response: ServerResponse, pod: string, wanted: URLSearchParams): void {
    const text = this.logs.get(pod);
    if (text === undefined) return send(response, 404, status("NotFound", `pods "${pod}" not found`));
    // The API keeps whole seconds of a time.
    const since = wanted.get("sinceTime")?.slice(0, 19) ?? "";
    const lines = text.split("\n").filter((line) => line !== "" && line.slice(0, 19) >= since);
    const tail = Number(wanted.get("tailLines") ?? lines.length);
    const kept = lines.slice(Math.max(0, lines.length - tail)).map((line) => `${line}\n`);
    response.writeHead(200, { "content-type": "text/plain" }).end(kept.join(""));
  }
}

function wantsGpus({ resources }: Container): boolean {
  return resources?.limits?.["nvidia.com/gpu"] !== undefined;
}

function startOf(container: Container): object {
  if (wantsGpus(container)) {
    const message =
      "0/4 nodes are available: 1 node(s) had taint {gpu: reserved}, that the pod didn't tolerate, 3 Insufficient nvidia.com/gpu.";
    return {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }],
    };
  }
  if (container.image?.includes("missing") === true) {
    const waiting = {
      reason: "ImagePullBackOff",
      message: "Back-off pulling image: manifest unknown: not found",
    };
    return {
      phase: "Pending",
      containerStatuses: [{ name: "main", image: container.image, restartCount: 0, state: { waiting } }],
    };
  }
  return { phase: "Running", containerStatuses: [{ name: "main", restartCount: 0, state: { running: {} } }] };
}
