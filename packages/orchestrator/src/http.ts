import { ParleyError } from "@parley/core";

/** Which services may be called, and how long. */
export interface HttpOptions {
  /** Such as `https://ci.example.org`. */
  readonly origins: readonly string[];
  /** Default 60 s. */
  readonly timeoutMs?: number | undefined;
  /** Seam for tests. */
  readonly fetch?: typeof fetch | undefined;
}

export const httpLimits = { timeoutMs: 60_000, waitMs: 30_000, bytes: 512 * 1024 } as const;

/** Refuses addresses outside the allowed origins, so that a task cannot look around in the network. */
export function admitOrigin({ origins }: HttpOptions): (args: { readonly url: string }) => void {
  return ({ url }) => {
    const { origin, username, password } = new URL(url);
    if (origins.includes(origin) && username === "" && password === "") return;
    const list = origins.length === 0 ? "none is" : `${origins.join(", ")} may be called`;
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      `The address ${origin} is not allowed; ${list}. Start with --http-allow ORIGIN.`,
    );
  };
}

/** One request. */
export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** One answer, read whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** The body read as JSON where it is that, else as text. */
  readonly value: unknown;
  readonly retryAfterMs?: number | undefined;
}

/** Sends one request; follows no redirect and reads no more than 512 KiB. @throws `E_MCP_UNREACHABLE`, `E_MCP_TIMEOUT` */
export async function sendHttp(
  { url, method, headers, body }: HttpRequest,
  options: HttpOptions & { readonly signal: AbortSignal },
): Promise<HttpAnswer> {
  const { fetch: send = fetch, timeoutMs = httpLimits.timeoutMs, signal } = options;
  const late = AbortSignal.timeout(timeoutMs);
  const { host } = new URL(url);
  try {
    const response = await send(url, {
      method,
      headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
      redirect: "manual",
      signal: AbortSignal.any([signal, late]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await readText(response, host);
    const { status } = response;
    return { status, text, value: readValue(response, text), ...retryAfter(response) };
  } catch (error) {
    signal.throwIfAborted();
    if (ParleyError.isInstance(error)) throw error;
    if (late.aborted) {
      throw new ParleyError("E_MCP_TIMEOUT", `The service ${host} did not answer within ${timeoutMs} ms.`);
    }
    const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new ParleyError("E_MCP_UNREACHABLE", `The service ${host} cannot be reached: ${why}.`, {
      cause: error,
    });
  }
}

async function readText(response: Response, host: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > httpLimits.bytes) {
      throw new ParleyError(
        "E_EXEC_OUTPUT_LIMIT",
        `The service ${host} answered more than ${httpLimits.bytes} bytes.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function readValue({ headers }: Response, text: string): unknown {
  if (!/\bjson\b/.test(headers.get("content-type") ?? "")) return text;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

function retryAfter({ headers }: Response): { retryAfterMs?: number } {
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: Math.min(seconds, 86_400) * 1000 } : {};
}
