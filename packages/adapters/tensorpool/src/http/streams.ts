import { ParleyError } from "@parley/core";
import type { BackendCall, Listened, PushRequest, Reply } from "../backend.ts";
import { faultError, messageOf } from "../engine-fault.ts";
import { parseObject } from "../engine-request.ts";
import { openEngineSocket } from "../engine-socket.ts";
import { requireKey } from "../settings.ts";
import { refusalFrame, refusedLine, shellLineOf } from "../shell-lines.ts";
import { cleanText } from "../text.ts";
import type { HttpHost } from "./request.ts";

const pushMs = 10 * 60_000;

/** Pushes a job over the engine's WebSocket. A shell line ends it. */
export async function pushJob(host: HttpHost, request: PushRequest, call: BackendCall): Promise<Reply> {
  const { settings, redact } = host;
  const doing = "push the job";
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(pushMs)]);
  const socket = openEngineSocket({
    engine: settings.engine,
    key: requireKey(settings),
    path: "/job/push",
    signal,
  });
  socket.send({
    tp_config: request.config,
    system: "Linux",
    cluster_id: request.clusterId,
    teardown_cluster: request.teardown,
  });
  let data: Record<string, unknown> = {};
  let refused: string | undefined;
  const said: string[] = [];
  socket.onFrame((text) => {
    const frame = parseObject(text);
    if (frame === undefined || refused !== undefined) return;
    data = { ...data, ...frame };
    const message = messageOf(frame);
    if (message !== undefined) {
      said.push(message);
      call.onMessage(message);
    }
    refused = shellLineOf(frame);
    if (refused === undefined) return;
    socket.send(refusalFrame(refused));
    socket.close();
  });
  const end = await socket.ended;
  const jobId = typeof data["job_id"] === "string" ? data["job_id"] : undefined;
  if (refused !== undefined) throw refusedLine(doing, redact(refused), jobId);
  if (end.unreachable === true) throw faultError(doing, { kind: "unreachable" });
  if (end.code !== 1000)
    throw lost(doing, redact(end.reason || (said.at(-1) ?? "")), { call, code: end.code });
  return { message: cleanText(redact(said.join("\n"))) || "Pushed.", data };
}

/** Follows a job's output until the engine says how it ended, or the signal stops it. */
export async function listenToJob(host: HttpHost, jobId: string, call: BackendCall): Promise<Listened> {
  const { settings, redact } = host;
  const path = `/job/listen/${encodeURIComponent(jobId)}`;
  const socket = openEngineSocket({
    engine: settings.engine,
    key: requireKey(settings),
    path,
    signal: call.signal,
  });
  let status: "success" | "error" | undefined;
  let last = "";
  socket.onFrame((text) => {
    const frame = parseObject(text) ?? {};
    last = messageOf(frame) ?? last;
    if (messageOf(frame) !== undefined) call.onMessage(last);
    if (frame["status"] !== "success" && frame["status"] !== "error") return;
    status = frame["status"];
    socket.close();
  });
  const end = await socket.ended;
  const message = cleanText(redact(last));
  if (status !== undefined) return { end: status, message };
  if (call.signal.aborted) return { end: "stopped", message };
  const doing = `follow job ${jobId}`;
  if (end.unreachable === true) throw faultError(doing, { kind: "unreachable" });
  if (end.code === 1000) return { end: "stopped", message };
  throw lost(doing, redact(end.reason), { call, code: end.code });
}

function lost(
  doing: string,
  reason: string,
  { call, code }: { readonly call: BackendCall; readonly code: number },
): ParleyError {
  if (call.signal.aborted) return new ParleyError("E_INTERRUPTED", `Could not ${doing}: it was interrupted.`);
  const said = cleanText(reason).replace(/\s+/g, " ").slice(0, 300);
  const lostLink = code === 1006;
  return new ParleyError(
    lostLink ? "E_ENGINE_UNREACHABLE" : "E_ENGINE_REFUSED",
    lostLink
      ? `Could not ${doing}: the connection was lost, and what it began may go on; look at job_list before you repeat it.`
      : `Could not ${doing}: the engine closed the connection with ${String(code)}${said === "" ? "" : ` (${said})`}.`,
  );
}
