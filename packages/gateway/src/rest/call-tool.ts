import type { FastifyReply, FastifyRequest } from "fastify";
import { ParleyError } from "@parley/core";
import { toolContext } from "@parley/tool-registry";
import { forwardedHeaders } from "../policy/forwarded-headers.ts";
import type { View } from "../policy/view.ts";
import { isRecord } from "../record.ts";
import type { CatalogueTool } from "../upstream/catalogue.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { answerOf, takesWholeResult } from "./answer.ts";
import { misfitsOf, withoutNulls } from "./arguments.ts";
import { faultOfError, faultOfResult, unreadable } from "./faults.ts";
import type { RestFault } from "./faults.ts";
import { callerSignal, checkReachable, findUpstream, preferredWaitMs, sendFault } from "./serving.ts";
import type { Serving } from "./serving.ts";

/** Which tool an address names. */
export interface ToolAddress {
  readonly server: string;
  readonly tool: string;
}

/** Answers a call of a tool. */
export async function callTool(
  serving: Serving,
  address: ToolAddress,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<FastifyReply> {
  const given = request.body ?? {};
  if (!isRecord(given)) return sendFault(reply, unreadable("The body is no JSON object of arguments."));
  const keyring = serving.keyring();
  const view = keyring.viewOfCaller(request.caller.name);
  const signal = callerSignal(reply);
  const { accept } = request.headers;
  let found: CatalogueTool | undefined;
  try {
    const upstream = findUpstream(serving, address.server, view);
    found = await findTool(upstream, address, { view, signal });
    const { tool } = found;
    const result = await upstream.callTool(found, withoutNulls(tool, given), {
      context: toolContext({ signal, caller: request.caller.name }),
      timeoutMs: preferredWaitMs(request),
      headers: forwardedHeaders(request.headers, {
        forwarding: upstream.server.forwarding,
        isKeyed: !keyring.isOpen,
      }),
    });
    if (result.isError !== true || takesWholeResult(accept)) {
      const { type, body } = answerOf(result, tool, accept);
      return reply.type(type).send(body);
    }
    const misfits = misfitsOf(tool, given);
    return sendFault(reply, withMisfits(faultOfResult(result, misfits.length > 0), misfits));
  } catch (thrown) {
    const fault = faultOfError(thrown);
    return sendFault(reply, fault.status === unfit && found ? withMisfits(fault, misfitsOf(found.tool, given)) : fault);
  }
}

const unfit = 422;

/** FastAPI names the places, where they are known. */
function withMisfits(fault: RestFault, misfits: ReturnType<typeof misfitsOf>): RestFault {
  return fault.status === unfit && misfits.length > 0 ? { ...fault, detail: misfits } : fault;
}

interface Finding {
  readonly view: View;
  readonly signal: AbortSignal;
}

/** A server that is just being connected to may offer it in a moment. */
async function findTool(
  upstream: Upstream,
  { server, tool }: ToolAddress,
  { view, signal }: Finding,
): Promise<CatalogueTool> {
  const look = (): CatalogueTool | undefined =>
    view.seesTool(server, tool) ? upstream.catalogue.tools.get(tool) : undefined;
  const known = look();
  if (known !== undefined) return known;
  if (upstream.status.state === "connecting") await settled(upstream, signal);
  const found = look();
  if (found !== undefined) return found;
  if (upstream.catalogue.tools.size === 0) checkReachable(upstream);
  const shown = JSON.stringify(tool.slice(0, 64));
  throw new ParleyError("E_TOOL_UNKNOWN", `The server ${server} has no tool named ${shown}; see its openapi.json.`);
}

/** Longest wait of a call for a server's first connection. */
const maxWaitMs = 60_000;

async function settled(upstream: Upstream, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, maxWaitMs).unref();
    signal.addEventListener("abort", () => resolve(), { once: true });
    void upstream.settled.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
