import { protocolError } from "./_errors.ts";
import type { Inbound, McpRequest } from "./_link.ts";
import { RpcFault } from "./_link.ts";
import { isObject } from "./_messages.ts";
import type { Peer } from "./_peer.ts";
import type { JsonObject } from "./json.ts";

/** How often one call may be sent again with more input. */
const maxRounds = 16;
/** The most a peer may ask for at once. */
const maxRequests = 32;

async function gather(
  peer: Peer,
  { asked, request, inbound }: { asked: JsonObject; request: McpRequest; inbound: Inbound },
): Promise<JsonObject> {
  const entries = Object.entries(asked);
  if (entries.length > maxRequests)
    throw protocolError(peer, `asks for more than ${maxRequests} inputs at once`);
  const { deadline } = request;
  const answers = entries.map(async ([name, each]): Promise<[string, JsonObject]> => {
    if (!isObject(each) || typeof each["method"] !== "string") {
      throw protocolError(peer, `asks for input in a form that cannot be read during ${request.what}`);
    }
    const { method, params } = each;
    const context = { signal: deadline.signal, during: request };
    return [name, await inbound.answer({ method, params: isObject(params) ? params : {} }, context)];
  });
  try {
    return Object.fromEntries(await deadline.aside(Promise.all(answers)));
  } catch (error) {
    if (!(error instanceof RpcFault)) throw error;
    throw protocolError(peer, `asks for input during ${request.what} that nobody here gives: pass a handler`);
  }
}

/**
 * Sends a request, and again with what the peer asks for, until it is complete (SEP-2322). State of the peer goes
 * back as it came. Not for a call that has `inputRequired: "return"`.
 */
export async function withInput(
  peer: Peer,
  {
    request,
    inbound,
    send,
  }: { request: McpRequest; inbound: Inbound; send: (request: McpRequest) => Promise<JsonObject> },
): Promise<JsonObject> {
  let current = request;
  for (let round = 0; round <= maxRounds; round += 1) {
    const result = await send(current);
    if (result["resultType"] !== "input_required") return result;
    const { inputRequests, requestState } = result;
    const asked = isObject(inputRequests) ? inputRequests : {};
    const inputResponses = await gather(peer, { asked, request, inbound });
    const more = {
      ...(Object.keys(asked).length > 0 ? { inputResponses } : {}),
      ...(requestState === undefined ? {} : { requestState }),
    };
    current = { ...request, params: { ...request.params, ...more } };
    request.deadline.extend();
  }
  throw protocolError(peer, `asks for input during ${request.what} more than ${maxRounds} times`);
}
