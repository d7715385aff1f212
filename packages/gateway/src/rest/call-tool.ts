import type { FastifyReply, FastifyRequest } from "fastify";
import { toolContext } from "@parley/tool-registry";
import { forwardedHeaders } from "../policy/forwarded-headers.ts";
import { isRecord } from "../record.ts";
import type { CatalogueTool } from "../upstream/catalogue.ts";
import { answerOf, takesWholeResult } from "./answer.ts";
import { misfitsOf, withoutNulls } from "./arguments.ts";
import { faultOfError, faultOfResult, unreadable } from "./faults.ts";
import type { RestFault } from "./faults.ts";
import { findTool } from "./find-tool.ts";
import type { ToolAddress } from "./find-tool.ts";
import { callerSignal, findUpstream, preferredWaitMs, sendFault } from "./serving.ts";
import type { Serving } from "./serving.ts";
import { tracedCall } from "./traced-call.ts";

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
  const timeoutMs = preferredWaitMs(request);
  let found: CatalogueTool | undefined;
  try {
    const upstream = findUpstream(serving, address.server, view);
    found = await findTool(upstream, address, { view, signal, timeoutMs });
    const { tool } = found;
    const known = found;
    const call = {
      context: toolContext({ signal, caller: request.caller.name }),
      timeoutMs,
      headers: forwardedHeaders(request.headers, {
        forwarding: upstream.server.forwarding,
        isKeyed: !keyring.isOpen,
      }),
    };
    const result = await tracedCall(request, address, () =>
      upstream.callTool(known, withoutNulls(tool, given), call),
    );
    if (result.isError !== true || takesWholeResult(accept)) {
      const { type, body } = answerOf(result, tool, accept);
      return reply.type(type).send(body);
    }
    const misfits = misfitsOf(tool, given);
    return sendFault(reply, withMisfits(faultOfResult(result, misfits.length > 0), misfits));
  } catch (thrown) {
    const fault = faultOfError(thrown);
    return sendFault(
      reply,
      fault.status === unfit && found ? withMisfits(fault, misfitsOf(found.tool, given)) : fault,
    );
  }
}

const unfit = 422;

/** FastAPI names the places, where they are known. */
function withMisfits(fault: RestFault, misfits: ReturnType<typeof misfitsOf>): RestFault {
  return fault.status === unfit && misfits.length > 0 ? { ...fault, detail: misfits } : fault;
}
