import { ParleyError } from "@parley/core";
import type { Backend, BackendCall, EngineCommand, Reply } from "../backend.ts";
import { faultError, messageOf } from "../engine-fault.ts";
import { type EngineAnswer, askEngine, faultOf } from "../engine-request.ts";
import type { Fetch } from "../options.ts";
import type { Redact } from "../redact.ts";
import { type Settings, requireKey } from "../settings.ts";
import { cleanText } from "../text.ts";
import { pullFiles } from "./pull-files.ts";
import { listenToJob, pushJob } from "./streams.ts";

/** What the backend over HTTP is made of. */
export interface HttpHost {
  readonly settings: Settings;
  readonly redact: Redact;
  readonly fetch?: Fetch | undefined;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const readMs = 60_000;
const waitMs = 30 * 60_000;
const pollSeconds = 2;

/** The engine by its own HTTP API. It never runs a command. */
export function createHttpBackend(host: HttpHost): Backend {
  return {
    kind: "http",
    send: (command, call) => send(host, command, call),
    push: (request, call) => pushJob(host, request, call),
    listen: (jobId, call) => listenToJob(host, jobId, call),
    pull: (request, call) => pullFiles(host, request, call),
    version: () => Promise.resolve({ backend: "http" }),
  };
}

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

async function send(host: HttpHost, command: EngineCommand, call: BackendCall): Promise<Reply> {
  const { data } = await requestEngine(host, command, call);
  const say = (text: string | undefined): string => cleanText(host.redact(text ?? "Done."));
  const first = say(messageOf(data));
  if (command.wait !== true) return { message: first, data };
  call.onMessage(first);
  const ids = requestIdsOf(data);
  let message = first;
  for (const id of ids) message = say(await followRequest(host, { doing: command.doing, id }, call));
  return { message, data };
}

function requestIdsOf({ request_id, request_ids }: Readonly<Record<string, unknown>>): string[] {
  const all = [request_id, ...(Array.isArray(request_ids) ? request_ids : [])];
  return all.filter((id) => typeof id === "string");
}

/** Polls what the engine works on until it has ended. */
async function followRequest(
  host: HttpHost,
  { doing, id }: { readonly doing: string; readonly id: string },
  call: BackendCall,
): Promise<string | undefined> {
  const limited = { ...call, signal: AbortSignal.any([call.signal, AbortSignal.timeout(waitMs)]) };
  for (;;) {
    const request = { method: "GET", path: ["request", "info", id] } as const;
    const { data, retryAfter = pollSeconds } = await requestEngine(host, { doing, request }, limited);
    const message = messageOf(data);
    if (message !== undefined) call.onMessage(message);
    const status = String(data["status"] ?? "").toUpperCase();
    if (status === "COMPLETED") return message;
    if (status === "FAILED") {
      const said = cleanText(host.redact(message ?? "the engine gave no reason"));
      throw new ParleyError("E_ENGINE_REFUSED", `Could not ${doing}: ${said}`, {
        details: { request_id: id },
      });
    }
    await host.sleep(Math.min(Math.max(retryAfter, 1), 60) * 1000, limited.signal);
  }
}
