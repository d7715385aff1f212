import { ParleyError } from "@parley/core";
import type { BackendCall, EngineCommand } from "../backend.ts";
import { faultError } from "../engine-fault.ts";
import { type EngineAnswer, askEngine, faultOf } from "../engine-request.ts";
import type { Fetch } from "../options.ts";
import type { Redact } from "../redact.ts";
import { type Settings, requireKey } from "../settings.ts";
import { cleanText } from "../text.ts";

/** What the backend over HTTP is made of. */
export interface HttpHost {
  readonly settings: Settings;
  readonly redact: Redact;
  readonly fetch?: Fetch | undefined;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const readMs = 60_000;

/** One request of the API. @throws as a backend does */
export async function requestEngine(
  host: HttpHost,
  command: Pick<EngineCommand, "doing" | "request" | "timeoutMs">,
  call: BackendCall,
): Promise<EngineAnswer> {
  const { settings, redact } = host;
  const { doing, request, timeoutMs = readMs } = command;
  const query = new URLSearchParams(request.query).toString();
  const answer = await ask();
  const fault = faultOf(answer);
  if (fault !== undefined) {
    const message = fault.message === undefined ? undefined : cleanText(redact(fault.message));
    throw faultError(doing, { ...fault, message });
  }
  if ("kind" in answer) throw faultError(doing, answer);
  return answer;

  async function ask(): ReturnType<typeof askEngine> {
    try {
      return await askEngine({
        engine: settings.engine,
        key: requireKey(settings),
        path: `/${request.path.map(encodeURIComponent).join("/")}${query === "" ? "" : `?${query}`}`,
        method: request.method,
        body: request.body === undefined ? undefined : JSON.stringify(request.body),
        signal: call.signal,
        timeoutMs,
        fetch: host.fetch,
      });
    } catch (cause) {
      if (ParleyError.isInstance(cause)) throw cause;
      throw new ParleyError("E_INTERRUPTED", `Could not ${doing}: it was interrupted.`, { cause });
    }
  }
}
