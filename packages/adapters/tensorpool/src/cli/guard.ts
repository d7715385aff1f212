import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { EngineData } from "../backend.ts";
import { readDownloads } from "../downloads.ts";
import { messageOf } from "../engine-fault.ts";
import { askEngine, faultOf } from "../engine-request.ts";
import { shellLineOf } from "../shell-lines.ts";
import { ParleyError } from "@parley/core";
import { type GuardOptions, type GuardRecord, isToken } from "./guard-record.ts";
import { attachSockets } from "./guard-sockets.ts";

/** A server between a `tp` and its engine, for one call. */
export interface Guard {
  /** What `tp` is told its engine is. */
  readonly url: string;
  readonly record: GuardRecord;
  close(): Promise<void>;
}

const answerMs = 60_000;
const maxBodyBytes = 2 ** 20;

/**
 * Starts a server on a loopback port that `tp` takes for its engine. It puts the real key in place of a token made for
 * this call, so that neither `tp` nor what `tp` starts ever holds it, holds back shell lines and paths that lead
 * elsewhere, and keeps the JSON of which `tp` prints only the words.
 */
export async function startGuard(options: GuardOptions): Promise<Guard> {
  const record: GuardRecord = { data: {}, refused: [] };
  const server = createServer((request, response) => {
    relay(options, record, request)
      .catch((): Answer => ({ status: 502, data: { message: "The guard failed." } }))
      .then((answer) => write(response, answer))
      .catch(() => response.destroy());
  });
  const sockets = attachSockets(server, options, record);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  // A server that listens on TCP has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    record,
    async close() {
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Answer {
  readonly status: number;
  readonly data: EngineData;
  readonly retryAfter?: number | undefined;
}

async function relay(options: GuardOptions, record: GuardRecord, request: IncomingMessage): Promise<Answer> {
  const { authorization = "" } = request.headers;
  if (!isToken(authorization, `Bearer ${options.token}`))
    return { status: 401, data: { message: "Not yours." } };
  const body = await readRequest(request);
  if (body === undefined) return { status: 413, data: { message: "Too long." } };
  const path = request.url ?? "/";
  const answer = await askEngine({
    ...options,
    path,
    method: request.method ?? "GET",
    body: body === "" ? undefined : body,
    headers: headersOf(request),
    timeoutMs: answerMs,
  });
  record.fault = faultOf(answer);
  if ("kind" in answer) {
    const { kind, status = 502 } = answer;
    const message = "The TensorPool engine gave no good answer.";
    return { status: kind === "status" ? status : 502, data: { message } };
  }
  if (path.startsWith("/health")) return answer;
  return { ...answer, data: inspect(options, record, answer.data) };
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const kept = ["x-client-type", "content-type", "user-agent"];
  return Object.fromEntries(
    kept.flatMap((name) => (typeof headers[name] === "string" ? [[name, headers[name]]] : [])),
  );
}

/** Keeps an answer, and what of it `tp` may see. */
function inspect(options: GuardOptions, record: GuardRecord, data: EngineData): EngineData {
  record.data = { ...record.data, ...data };
  const message = messageOf(data);
  if (message !== undefined) options.onMessage(message);
  const line = shellLineOf(data);
  const { command: _command, ...rest } = data;
  if (line !== undefined && !options.allowCommands) {
    record.refused.push(line);
    return { ...rest, download_map: null };
  }
  if (!("download_map" in data)) return data;
  try {
    readDownloads(data["download_map"], options.engine);
    return data;
  } catch (error) {
    if (!ParleyError.isInstance(error)) throw error;
    record.withheld = error;
    return { ...rest, download_map: null };
  }
}

async function readRequest(request: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    const buffer = Buffer.from(piece);
    bytes += buffer.length;
    if (bytes > maxBodyBytes) return undefined;
    pieces.push(buffer);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function write(response: ServerResponse, { status, data, retryAfter }: Answer): void {
  response.writeHead(status, {
    "content-type": "application/json",
    connection: "close",
    ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
  });
  response.end(JSON.stringify(data));
}
