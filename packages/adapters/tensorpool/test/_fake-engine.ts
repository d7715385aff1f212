import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import { findRoute } from "./_fake-routes.ts";

/** The key the fake engine takes. */
export const goodKey = "tp-live-7f3a9c2e5b1d4680";

interface Cluster {
  id: string;
  name: string;
  type: string;
  nodes: number;
  keys: string[];
  protected: boolean;
}
interface Job {
  id: string;
  cluster: string;
  config: string;
  status: string;
  output: string[];
  teardown: boolean;
}
interface Volume {
  id: string;
  name: string;
  size: number;
  clusters: string[];
}

/** The engine's world. */
export interface EngineState {
  readonly clusters: Map<string, Cluster>;
  readonly jobs: Map<string, Job>;
  readonly volumes: Map<string, Volume>;
  readonly keys: Map<string, string>;
  readonly buckets: Set<string>;
  /** Questions about a request still answered with "working". */
  readonly pending: Map<string, number>;
  /** Files of every job: path below the folder, content. */
  readonly files: Map<string, string>;
  /** What clients answered to shell lines. */
  readonly commandResults: Record<string, unknown>[];
}

/** How it misbehaves. */
export interface Mischief {
  pushCommand?: string | undefined;
  pullCommand?: string | undefined;
  /** Sent as it stands in place of the job's files. */
  downloads?: Record<string, string> | undefined;
  /** Status of everything but `/health`. */
  status?: number | undefined;
  /** Answers nothing but `/health`. */
  hang?: boolean | undefined;
  /** Answers with this text. */
  text?: string | undefined;
  /** Says this in every error. */
  leak?: string | undefined;
}

/** One request as it came. */
interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
}

/** A TensorPool engine as the reference describes it, of both generations. */
export interface FakeEngine {
  readonly address: string;
  readonly state: EngineState;
  readonly mischief: Mischief;
  readonly seen: SeenRequest[];
  nextId(kind: string): string;
  close(): Promise<void>;
}

/** What a route gets. */
export interface RouteCall {
  readonly engine: FakeEngine;
  readonly method: string;
  readonly parts: readonly string[];
  readonly body: Record<string, unknown>;
}

/** What a route answers. */
export interface RouteAnswer {
  readonly status: number;
  readonly data: Record<string, unknown>;
}

const Body = z.record(z.string(), z.unknown());

/** Starts one on a port of its own. */
export async function startFakeEngine(mischief: Mischief = {}): Promise<FakeEngine> {
  const state: EngineState = {
    clusters: new Map(),
    jobs: new Map(),
    volumes: new Map(),
    keys: new Map(),
    buckets: new Set(["checkpoints"]),
    pending: new Map(),
    files: new Map([
      ["checkpoints/model.bin", "weights"],
      ["log.txt", "line\n"],
    ]),
    commandResults: [],
  };
  const seen: SeenRequest[] = [];
  let count = 0;
  const server = createServer((request, response) => {
    void answer(engine, request).then((made) => send(response, made));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, request) => serveSocket(engine, socket, request.url ?? "/"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const engine: FakeEngine = {
    address: `http://127.0.0.1:${String(port)}`,
    state,
    mischief,
    seen,
    nextId: (kind) => `${kind}-${String(++count).padStart(4, "0")}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return engine;
}

function send(response: ServerResponse, made: RouteAnswer | string | undefined): void {
  if (made === undefined) return;
  if (typeof made === "string") {
    response.end(made);
    return;
  }
  response.writeHead(made.status, { "content-type": "application/json", "retry-after": "1" });
  response.end(made.status === 204 ? undefined : JSON.stringify(made.data));
}

async function answer(
  engine: FakeEngine,
  request: IncomingMessage,
): Promise<RouteAnswer | string | undefined> {
  const { mischief, seen } = engine;
  const url = new URL(request.url ?? "/", engine.address);
  const body = await readBody(request);
  const { authorization } = request.headers;
  seen.push({ method: request.method ?? "", path: url.pathname + url.search, authorization, body });
  if (url.pathname === "/healthz") return { status: 200, data: { status: "ok" } };
  if (url.pathname.startsWith("/files/")) {
    return engine.state.files.get(decodeURIComponent(url.pathname.slice(7))) ?? "";
  }
  if (authorization !== `Bearer ${goodKey}`) {
    return { status: 401, data: { message: `Invalid API key ${mischief.leak ?? ""}` } };
  }
  if (url.pathname === "/health") return { status: 200, data: { message: "" } };
  if (mischief.hang === true) return undefined;
  if (mischief.text !== undefined) return mischief.text;
  if (mischief.status !== undefined) {
    return { status: mischief.status, data: { message: `Something broke ${mischief.leak ?? ""}` } };
  }
  const parts = url.pathname.slice(1).split("/").map(decodeURIComponent);
  const route = findRoute(request.method ?? "GET", parts);
  if (route === undefined) return { status: 404, data: { message: `No route ${url.pathname}` } };
  return route({ engine, method: request.method ?? "GET", parts, body });
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const piece of request) text += String(piece);
  return text === "" ? {} : Body.parse(JSON.parse(text));
}

type Frame = Record<string, unknown>;

/** A socket whose first frame must hold the key; the old client changes clusters over sockets too. */
function serveSocket(engine: FakeEngine, socket: WebSocket, address: string): void {
  const { pathname } = new URL(address, engine.address);
  const parts = pathname.slice(1).split("/");
  const frames: Frame[] = [];
  const say = (frame: Frame): void => socket.send(JSON.stringify(frame));
  socket.on("message", (data: Buffer) => {
    const frame = Body.parse(JSON.parse(data.toString("utf8")));
    frames.push(frame);
    if (frames.length === 1 && frame["TENSORPOOL_KEY"] !== goodKey)
      return socket.close(1008, "Invalid API key");
    if (engine.mischief.hang === true) return;
    if (frame["type"] === "command_result") {
      engine.state.commandResults.push(frame);
      return finishPush(engine, socket, say);
    }
    const wantsPayload = !["listen", "destroy"].includes(parts[1] ?? "");
    if (frames.length === (wantsPayload ? 2 : 1)) serveFrame({ engine, socket, say, parts }, frame);
  });
}

interface SocketCall {
  readonly engine: FakeEngine;
  readonly socket: WebSocket;
  readonly say: (frame: Frame) => void;
  readonly parts: readonly string[];
}

function serveFrame(call: SocketCall, frame: Frame): void {
  const { engine, socket, say, parts } = call;
  if (parts.join("/") === "job/push") return beginPush(call, frame);
  if (parts[1] === "listen") {
    const job = engine.state.jobs.get(parts[2] ?? "");
    if (job === undefined) say({ status: "error", message: "Job not found" });
    for (const line of job?.output ?? []) say({ message: line });
    if (job?.status === "completed") say({ status: "success", message: "Job completed" });
    if (job?.status === "error") say({ status: "error", message: "Job failed with exit code 3" });
    return;
  }
  const asHttp: Record<string, readonly [string, readonly string[]]> = {
    "cluster/create": ["POST", parts],
    "cluster/destroy": ["DELETE", ["cluster", parts[2] ?? ""]],
    "job/cancel": ["POST", parts],
    "storage/create": ["POST", parts],
    "storage/destroy": ["DELETE", ["storage", parts[2] ?? ""]],
    "storage/attach": ["POST", parts],
    "storage/detach": ["POST", parts],
  };
  const [method, path] = asHttp[parts.slice(0, 2).join("/")] ?? ["GET", ["nowhere"]];
  const made = findRoute(method, path)?.({ engine, method, parts: path, body: frame });
  say({ status: made !== undefined && made.status < 400 ? "success" : "error", ...made?.data });
  socket.close(1000);
}

function beginPush({ engine, socket, say }: SocketCall, frame: Frame): void {
  const { state, mischief } = engine;
  const cluster = typeof frame["cluster_id"] === "string" ? frame["cluster_id"] : engine.nextId("c");
  if (typeof frame["cluster_id"] === "string" && !state.clusters.has(cluster)) {
    return socket.close(4004, `Cluster ${cluster} not found`);
  }
  const job = {
    id: engine.nextId("j"),
    cluster,
    config: String(frame["tp_config"]),
    status: "running",
    output: ["step 1", "step 2", "step 3"],
    teardown: frame["teardown_cluster"] === true,
  };
  state.jobs.set(job.id, job);
  say({ message: "Uploading...", job_id: job.id });
  if (mischief.pushCommand === undefined) return finishPush(engine, socket, say);
  say({ command: mischief.pushCommand, command_show_stdout: true });
}

function finishPush(_engine: FakeEngine, socket: WebSocket, say: SocketCall["say"]): void {
  say({ message: "Job submitted" });
  socket.close(1000);
}
