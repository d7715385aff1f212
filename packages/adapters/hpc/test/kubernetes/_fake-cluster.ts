import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

// oxlint-disable-next-line typescript/no-explicit-any -- objects of the API, whose shapes are Kubernetes' own
export type Loose = any;

/** A kind the fake API serves. */
interface Kind {
  readonly plural: string;
  readonly kind: string;
  readonly groupVersion: string;
  readonly namespaced: boolean;
}

const kinds: readonly Kind[] = [
  { plural: "pods", kind: "Pod", groupVersion: "v1", namespaced: true },
  { plural: "events", kind: "Event", groupVersion: "v1", namespaced: true },
  { plural: "configmaps", kind: "ConfigMap", groupVersion: "v1", namespaced: true },
  { plural: "secrets", kind: "Secret", groupVersion: "v1", namespaced: true },
  { plural: "resourcequotas", kind: "ResourceQuota", groupVersion: "v1", namespaced: true },
  { plural: "nodes", kind: "Node", groupVersion: "v1", namespaced: false },
  { plural: "jobs", kind: "Job", groupVersion: "batch/v1", namespaced: true },
  { plural: "deployments", kind: "Deployment", groupVersion: "apps/v1", namespaced: true },
  {
    plural: "priorityclasses",
    kind: "PriorityClass",
    groupVersion: "scheduling.k8s.io/v1",
    namespaced: false,
  },
];

/** A Kubernetes API of one process, for kubectl or its stand-in to speak to. */
export interface FakeCluster {
  readonly objects: Map<string, Loose>;
  /** Log text by pod. */
  readonly logs: Map<string, string>;
  /** Requests that changed something, as `METHOD path?query`. */
  readonly writes: string[];
  /** Environment in which kubectl finds this cluster, and no other. */
  readonly env: Record<string, string>;
  add(object: Loose): Loose;
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
  readonly objects = new Map<string, Loose>();
  readonly logs = new Map<string, string>();
  readonly writes: string[] = [];
  env: Record<string, string> = {};
  forbidden = false;
  close: () => Promise<void> = async () => {};
  #version = 100;
  readonly #watchEnds = new Set<() => void>();
  readonly #watchers = new Set<(type: string, object: Loose) => void>();

  get watching(): number {
    return this.#watchers.size;
  }

  add(object: Loose): Loose {
    const known = kinds.find(({ kind }) => kind === object.kind);
    if (known === undefined) throw new Error(`No kind ${String(object.kind)}`);
    return this.put(known, { namespace: object.metadata.namespace ?? "default", object });
  }

  put(kind: Kind, { namespace, object }: { namespace: string; object: Loose }): Loose {
    this.#version += 1;
    const key = keyOf(kind, namespace, object.metadata.name);
    const before = this.objects.get(key);
    const stored = {
      apiVersion: kind.groupVersion,
      kind: kind.kind,
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

  #startJob(namespace: string, job: Loose): void {
    const { name } = job.metadata;
    const [container] = job.spec.template.spec.containers;
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: `${name}-abcde`,
        namespace,
        labels: { "job-name": name, ...job.spec.template.metadata?.labels },
      },
      spec: { ...job.spec.template.spec, nodeName: "n1" },
      status: startOf(container),
    };
    if (pod.status.phase === "Pending" && container.resources?.limits?.["nvidia.com/gpu"])
      Reflect.deleteProperty(pod.spec, "nodeName");
    this.add(pod);
    this.add({ ...job, status: { active: 1, startTime: "2026-11-20T10:40:46Z" } });
  }

  finish(job: string, exitCode: number): void {
    const pod = this.objects.get(`pods/default/${job}-abcde`);
    const object = this.objects.get(`jobs/default/${job}`);
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
      const object = JSON.parse(body);
      if (this.objects.has(keyOf(kind, namespace, object.metadata.name))) {
        return send(
          response,
          409,
          status(
            "AlreadyExists",
            `${kind.plural}.${kind.groupVersion.split("/")[0] ?? ""} "${String(object.metadata.name)}" already exists`,
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
      this.put(kind, {
        namespace: namespace ?? "default",
        object: { ...present, spec: { ...present.spec, replicas: JSON.parse(body).spec.replicas } },
      });
      return send(response, 200, JSON.parse(body));
    }
    if (sub === "scale") {
      return send(response, 200, {
        kind: "Scale",
        apiVersion: "autoscaling/v1",
        metadata: present.metadata,
        spec: { replicas: present.spec.replicas },
        status: { replicas: present.spec.replicas },
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
      present: Loose;
      sub: string | undefined;
    },
  ): void {
    const applying = request.headers["content-type"]?.includes("apply-patch") === true;
    if (present === undefined && !applying)
      return send(response, 404, status("NotFound", `${kind.plural} "${name ?? ""}" not found`));
    const given = JSON.parse(body);
    if (given.spec?.refused === true)
      return send(
        response,
        422,
        status("Invalid", `${kind.kind} "${name ?? ""}" is invalid: spec.refused: Forbidden`),
      );
    const object = Array.isArray(given) ? jsonPatch(present, given) : merge(present ?? {}, given);
    if (sub === "scale") {
      this.put(kind, {
        namespace: namespace ?? "default",
        object: { ...present, spec: { ...present.spec, replicas: given.spec.replicas } },
      });
      return send(response, 200, {
        kind: "Scale",
        apiVersion: "autoscaling/v1",
        metadata: present.metadata,
        spec: given.spec,
      });
    }
    if (dry)
      return send(response, 200, {
        ...object,
        metadata: { uid: "dry", ...object.metadata, ...(kind.namespaced ? { namespace } : {}) },
      });
    send(response, 200, this.put(kind, { namespace: namespace ?? "default", object }));
  }

  #list(
    { response, url }: { response: ServerResponse; url: URL },
    kind: Kind,
    namespace: string | undefined,
  ): void {
    const fits = (object: Loose): boolean =>
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
    const tell = (type: string, object: Loose): void => {
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

  #remove(key: string, object: Loose): void {
    this.objects.delete(key);
    for (const tell of this.#watchers) tell("DELETED", object);
    if (object.kind === "Job")
      this.objects.delete(`pods/${object.metadata.namespace}/${object.metadata.name}-abcde`);
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

function startOf(container: Loose): Loose {
  if (container.resources?.limits?.["nvidia.com/gpu"]) {
    const message =
      "0/4 nodes are available: 1 node(s) had taint {gpu: reserved}, that the pod didn't tolerate, 3 Insufficient nvidia.com/gpu.";
    return {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }],
    };
  }
  if (String(container.image).includes("missing")) {
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

function discovery(path: string): Loose {
  const groups = [
    ...new Set(kinds.map(({ groupVersion }) => groupVersion).filter((group) => group !== "v1")),
  ];
  if (path === "/version")
    return { major: "1", minor: "32", gitVersion: "v1.32.0-fake", goVersion: "go", platform: "linux/amd64" };
  if (path === "/api") return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
  if (path === "/apis") {
    return {
      kind: "APIGroupList",
      apiVersion: "v1",
      groups: groups.map((groupVersion) => {
        const [name, version] = groupVersion.split("/");
        return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
      }),
    };
  }
  if (path === "/openapi/v3") {
    return {
      paths: Object.fromEntries(
        ["api/v1", ...groups.map((group) => `apis/${group}`)].map((at) => [
          at,
          { serverRelativeURL: `/openapi/v3/${at}?hash=1` },
        ]),
      ),
    };
  }
  const [, schema] = /^\/openapi\/v3\/(?:apis?\/)?(.+)$/.exec(path) ?? [];
  if (schema !== undefined) return openapi(schema.replace(/^api\//, ""));
  const [, served] = /^\/(?:api|apis)\/(v1|[^/]+\/[^/]+)$/.exec(path) ?? [];
  const own = kinds.filter(({ groupVersion }) => groupVersion === served);
  if (served === undefined || own.length === 0) return undefined;
  const resources = own.flatMap(({ plural, kind, namespaced }) => [
    {
      name: plural,
      singularName: kind.toLowerCase(),
      namespaced,
      kind,
      verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
    },
    ...(plural === "deployments"
      ? [
          {
            name: "deployments/scale",
            singularName: "",
            namespaced,
            group: "autoscaling",
            version: "v1",
            kind: "Scale",
            verbs: ["get", "patch", "update"],
          },
        ]
      : []),
  ]);
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion: served, resources };
}

/** As much of the document as makes kubectl leave the checking of fields to the server. */
function openapi(groupVersion: string): Loose {
  const own = kinds.filter(
    (kind) => kind.groupVersion === groupVersion || (groupVersion === "v1" && kind.groupVersion === "v1"),
  );
  const [group = "", version = groupVersion] = groupVersion.includes("/")
    ? groupVersion.split("/")
    : ["", groupVersion];
  const parameters = [{ name: "fieldValidation", in: "query", schema: { type: "string" } }];
  const paths = own.map(({ plural, kind, namespaced }) => [
    `${group === "" ? "/api/v1" : `/apis/${groupVersion}`}${namespaced ? "/namespaces/{namespace}" : ""}/${plural}/{name}`,
    { patch: { parameters, "x-kubernetes-group-version-kind": { group, version, kind } } },
  ]);
  return { openapi: "3.0.0", info: { title: "fake", version: "1" }, paths: Object.fromEntries(paths) };
}

const keyOf = ({ plural, namespaced }: Kind, namespace: string | undefined, name: string): string =>
  `${plural}/${namespaced ? (namespace ?? "default") : ""}/${name}`;

function status(reason: string, message: string): Loose {
  const codes: Record<string, number> = { NotFound: 404, AlreadyExists: 409, Forbidden: 403, Invalid: 422 };
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    code: codes[reason] ?? 500,
  };
}

function send(response: ServerResponse, code: number, value: unknown): void {
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function merge(before: Loose, after: Loose): Loose {
  if (typeof after !== "object" || after === null || Array.isArray(after)) return after;
  const merged: Loose = { ...before };
  for (const [key, value] of Object.entries(after)) {
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = merge(typeof before?.[key] === "object" ? before[key] : {}, value);
  }
  return merged;
}

/** `replace` of JSON Patch, which is all the tests use. */
function jsonPatch(before: Loose, patch: Loose[]): Loose {
  const after = structuredClone(before);
  for (const { path, value } of patch) {
    const parts = String(path).split("/").slice(1);
    const last = parts.pop() ?? "";
    parts.reduce((at: Loose, part) => at[part], after)[last] = value;
  }
  return after;
}

function hasLabels(object: Loose, selector: string | null): boolean {
  return (selector ?? "").split(",").every((part) => {
    const [, name = "", value] = /^([^=!]+)==?(.*)$/.exec(part) ?? [];
    return part === "" || object.metadata.labels?.[name] === value;
  });
}

function hasFields(object: Loose, selector: string | null): boolean {
  return (selector ?? "").split(",").every((part) => {
    const [path = "", value] = part.split("=");
    return part === "" || path.split(".").reduce((at: Loose, field) => at?.[field], object) === value;
  });
}
