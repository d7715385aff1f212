import { ParleyError } from "@parley/core";
import type { Backend, BackendCall, EngineCommand, Reply } from "../backend.ts";
import { messageOf } from "../engine-fault.ts";
import { cleanText } from "../text.ts";
import { pullFiles } from "./pull-files.ts";
import { type HttpHost, requestEngine } from "./request.ts";
import { listenToJob, pushJob } from "./streams.ts";

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
    const status = typeof data["status"] === "string" ? data["status"].toUpperCase() : "";
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
