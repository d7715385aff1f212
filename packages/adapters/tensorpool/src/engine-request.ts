import type { EngineData } from "./backend.ts";
import { type EngineFault, messageOf } from "./engine-fault.ts";
import type { Fetch } from "./options.ts";

/** One request to the engine. */
export interface EngineRequest {
  /** Origin and path prefix, without a trailing slash. */
  readonly engine: string;
  readonly key: string;
  /** Path and query, beginning with a slash. */
  readonly path: string;
  readonly method: string;
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly fetch?: Fetch | undefined;
}

/** An answer with a JSON object, whatever its status. */
export interface EngineAnswer {
  readonly status: number;
  readonly data: EngineData;
  /** Seconds after which to ask again. */
  readonly retryAfter?: number | undefined;
}

const maxBytes = 8 * 2 ** 20;

/** Sends one request; redirects are not followed, for they would carry the key away. */
export async function askEngine(request: EngineRequest): Promise<EngineAnswer | EngineFault> {
  const { engine, key, path, method, body, signal, timeoutMs, fetch: send = fetch } = request;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const response = await send(engine + path, {
      method,
      ...(body === undefined ? {} : { body }),
      headers: {
        "content-type": "application/json",
        ...request.headers,
        authorization: `Bearer ${key}`,
      },
      signal: limited,
      redirect: "error",
    });
    const data = parseObject(await readBody(response));
    const { status } = response;
    if (data === undefined) return { kind: status < 400 ? "malformed" : "status", status };
    const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
    return { status, data, ...(Number.isFinite(retryAfter) ? { retryAfter } : {}) };
  } catch {
    signal.throwIfAborted();
    return { kind: limited.aborted ? "timeout" : "unreachable" };
  }
}

/** The fault in an answer, if it is one. */
export function faultOf(answer: EngineAnswer | EngineFault): EngineFault | undefined {
  if ("kind" in answer) return answer;
  if (answer.status < 400) return undefined;
  return { kind: "status", status: answer.status, message: messageOf(answer.data) };
}

async function readBody({ body }: Response): Promise<string> {
  if (body === null) return "{}";
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > maxBytes) return "";
    pieces.push(piece);
  }
  return bytes === 0 ? "{}" : Buffer.concat(pieces).toString("utf8");
}

/** A JSON object, or nothing. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
