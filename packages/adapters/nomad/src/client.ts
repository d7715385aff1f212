import { ParleyError } from "@parley/core";
import { setTimeout as delay } from "node:timers/promises";
import type { z } from "zod";
import type { FetchAnswer, NomadOptions } from "./options.ts";
import { type Purpose, connectionError, remoteError, unsureError } from "./remote-error.ts";
import { encodeSegment } from "./segments.ts";
import { type Settings, readNamespace, readSettings } from "./settings.ts";
import { type Transport, createTransport } from "./transport.ts";

type QueryValue = string | number | boolean;

/** One request; `path` is a list of segments, each of which is encoded. */
export interface NomadRequest extends Purpose {
  readonly path: readonly string[];
  readonly method?: "GET" | "POST" | "PUT" | "DELETE" | undefined;
  /** `namespace` and `region` are added; a list repeats its name. */
  readonly query?: Readonly<Record<string, QueryValue | readonly string[] | undefined>> | undefined;
  readonly namespace?: string | undefined;
  readonly body?: unknown;
  readonly signal: AbortSignal;
  /** Default the client's. */
  readonly timeoutMs?: number | undefined;
}

/** An answer with what its headers say. */
export interface NomadAnswer<T> {
  readonly data: T;
  /** `X-Nomad-Index`, for a blocking query. */
  readonly index?: number | undefined;
  /** `X-Nomad-NextToken`, where Nomad pages. */
  readonly nextToken?: string | undefined;
}

/** The only thing here that does HTTP. */
export interface NomadClient {
  /** The namespace a call works in when it names none. */
  namespace(given?: string): string;
  /** @throws `E_ENGINE_UNREACHABLE`, `E_ENGINE_FORBIDDEN`, `E_ENGINE_OUTPUT` or what Nomad's text stands for */
  request<S extends z.ZodType>(schema: S, request: NomadRequest): Promise<NomadAnswer<z.output<S>>>;
  /** {@link request}, the data alone. */
  read<S extends z.ZodType>(schema: S, request: NomadRequest): Promise<z.output<S>>;
  /** The body as it comes; not retried. The caller bounds it. */
  stream(request: NomadRequest): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

/** A client that reads its options and the environment with every request. */
export function createClient(options: NomadOptions = {}): NomadClient {
  const transport = createTransport(options.fetch);
  const sender = { options, transport };
  const client: NomadClient = {
    namespace: (given) => given ?? readNamespace(options),
    async request(schema, request) {
      const { answer, text } = await exchange(sender, request);
      const data = parseAnswer(schema, text, request);
      const index = Number(answer.headers.get("x-nomad-index") ?? Number.NaN);
      const nextToken = answer.headers.get("x-nomad-nexttoken") ?? "";
      return {
        data,
        ...(Number.isSafeInteger(index) ? { index } : {}),
        ...(nextToken === "" ? {} : { nextToken }),
      };
    },
    read: async (schema, request) => (await client.request(schema, request)).data,
    async *stream(request) {
      const answer = await sendOnce(sender, request);
      if (answer.body === null) return;
      try {
        yield* answer.body;
      } catch (cause) {
        if (request.signal.aborted) throw interrupted(request, cause);
        throw connectionError(cause, "the agent", request);
      }
    },
    close: () => transport.close(),
  };
  return client;
}

async function exchange(
  sender: Sender,
  request: NomadRequest,
): Promise<{ answer: FetchAnswer; text: string }> {
  const maxBytes = sender.options.maxBodyBytes ?? 16 * 1024 * 1024;
  try {
    const answer = await sendTwice(sender, request);
    return { answer, text: await readText(answer, request, { maxBytes }) };
  } catch (error) {
    throw (request.method ?? "GET") === "GET" ? error : unsureError(error);
  }
}

interface Sender {
  readonly options: NomadOptions;
  readonly transport: Transport;
}

/** Reads are tried a second time when nobody answered; writes never, for they may have been done. */
async function sendTwice(sender: Sender, request: NomadRequest): Promise<FetchAnswer> {
  try {
    return await sendOnce(sender, request);
  } catch (error) {
    const again = ParleyError.isInstance(error) && error.code === "E_ENGINE_UNREACHABLE" && error.retryable;
    if (!again || (request.method ?? "GET") !== "GET" || error.details["kind"] === "timeout") throw error;
    await (sender.options.sleep ?? pause)(200, request.signal);
    return sendOnce(sender, request);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal });
}

async function sendOnce({ options, transport }: Sender, request: NomadRequest): Promise<FetchAnswer> {
  const settings = readSettings(options);
  const timeoutMs = request.timeoutMs ?? options.timeoutMs ?? 30_000;
  const timeout = AbortSignal.timeout(timeoutMs);
  const url = requestUrl(settings, request);
  let answer: FetchAnswer;
  try {
    answer = await transport.send(settings, url, {
      method: request.method ?? "GET",
      headers: requestHeaders(settings, request.body !== undefined),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: AbortSignal.any([request.signal, timeout]),
      redirect: "error",
    });
  } catch (cause) {
    if (ParleyError.isInstance(cause)) throw cause;
    if (request.signal.aborted) throw interrupted(request, cause);
    if (timeout.aborted) throw timedOut(request, timeoutMs, cause);
    throw connectionError(cause, settings.socketPath ?? settings.baseUrl, request);
  }
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw remoteError(answer.status, await readText(answer, request, { maxBytes: 4096, cut: true }), request);
}

function requestUrl({ baseUrl, region, namespace }: Settings, request: NomadRequest): string {
  const url = new URL(`${baseUrl}/v1/${request.path.map(encodeSegment).join("/")}`);
  const query: NonNullable<NomadRequest["query"]> = {
    region,
    namespace: request.namespace ?? namespace,
    ...request.query,
  };
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    const texts = typeof value === "object" ? value : [String(value)];
    for (const each of texts) url.searchParams.append(name, each);
  }
  return url.href;
}

function requestHeaders({ token, httpAuth }: Settings, body: boolean): Record<string, string> {
  return {
    accept: "application/json, text/plain",
    ...(body ? { "content-type": "application/json" } : {}),
    ...(token === undefined ? {} : { "x-nomad-token": token }),
    ...(httpAuth === undefined ? {} : { authorization: `Basic ${Buffer.from(httpAuth).toString("base64")}` }),
  };
}

interface Bound {
  readonly maxBytes: number;
  /** Whether a longer body is cut instead of refused. */
  readonly cut?: boolean;
}

async function readText(
  answer: FetchAnswer,
  request: NomadRequest,
  { maxBytes, cut = false }: Bound,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > maxBytes) break;
    }
  } catch (cause) {
    if (request.signal.aborted) throw interrupted(request, cause);
    throw connectionError(cause, "the agent, which broke off", request);
  }
  if (size > maxBytes && !cut) {
    throw new ParleyError(
      "E_ENGINE_OUTPUT",
      `Cannot ${request.doing}: the answer is larger than ${String(maxBytes)} bytes; narrow the question.`,
    );
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString("utf8");
}

function parseAnswer<S extends z.ZodType>(schema: S, text: string, request: NomadRequest): z.output<S> {
  let value: unknown;
  try {
    value = text === "" ? null : JSON.parse(text);
  } catch (cause) {
    throw unexpected(request, `no JSON but ${JSON.stringify(text.slice(0, 80))}`, cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unexpected(request, `${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`, parsed.error);
}

function unexpected({ doing }: Purpose, found: string, cause: unknown): ParleyError {
  return new ParleyError("E_ENGINE_OUTPUT", `Cannot ${doing}: Nomad's answer holds ${found.trim()}.`, {
    cause,
  });
}

function interrupted({ doing }: Purpose, cause: unknown): ParleyError {
  return new ParleyError("E_INTERRUPTED", `Interrupted: ${doing}.`, { cause });
}

function timedOut({ doing }: Purpose, timeoutMs: number, cause: unknown): ParleyError {
  return new ParleyError(
    "E_ENGINE_UNREACHABLE",
    `Cannot ${doing}: Nomad did not answer within ${String(timeoutMs)} ms.`,
    { cause, details: { kind: "timeout" } },
  );
}
