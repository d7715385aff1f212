import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ParleyError } from "@parley/core";
import type { View } from "../policy/view.ts";
import { callFound, callTool } from "../rest/call-tool.ts";
import { faultOfError, unreadable } from "../rest/faults.ts";
import type { Exchange } from "../rest/resources.ts";
import { callerEnding, findUpstream, sendFault } from "../rest/serving.ts";
import type { Serving } from "../rest/serving.ts";
import { groupFor } from "../groups/groups.ts";
import { functionDefinition, functionTools } from "./function-tools.ts";
import type { FunctionTool } from "./function-tools.ts";
import { readFunctionCall } from "./read-call.ts";

export interface OpenAiOptions extends Serving {
  /** Begins and ends with a slash. */
  readonly prefix: string;
  readonly alone?: string | undefined;
  /** Whether the list asks for a key too. */
  readonly isStrict: boolean;
}

/** What stands before `/openai`: one server, a group, or nothing. */
interface Part {
  readonly view: View;
  readonly only?: string | undefined;
}

/** The tools in the form of OpenAI's function calling, and calls by these names: of all servers, of one, or of a group. */
export function openAiRoutes(options: OpenAiOptions): (scope: FastifyInstance) => void {
  const { alone, prefix, isStrict } = options;
  return (scope) => {
    const add = (base: string, named: (request: FastifyRequest) => string | undefined): void => {
      scope.get(`${base}/openai/tools.json`, { config: { public: !isStrict } }, async (request, reply) => {
        const part = partOf(options, named(request), options.keyring().viewOf(request.headers));
        return sendTools(options, part, { request, reply });
      });
      scope.post(`${base}/openai/call`, async (request, reply) => {
        const name = named(request);
        return await options.running.during(call(options, name, { request, reply }));
      });
    };
    add("", () => alone);
    if (alone === undefined) add(`${prefix}:server`, serverIn);
  };
}

function serverIn({ params }: FastifyRequest): string {
  const named: { readonly server?: unknown } = typeof params === "object" && params !== null ? params : {};
  return typeof named.server === "string" ? named.server : "";
}

/** @throws `E_OBJECT_UNKNOWN` */
function partOf(options: OpenAiOptions, name: string | undefined, view: View): Part {
  if (name === undefined) return { view };
  const group = groupFor(options.groups(), name, view);
  if (group !== undefined) return { view: group.view };
  findUpstream(options, name, view);
  return { view, only: name };
}

function toolsOf({ roster }: Serving, { view, only }: Part): readonly FunctionTool[] {
  return functionTools(roster.of(view), view, only);
}

function sendTools(options: OpenAiOptions, part: Part, { request, reply }: Exchange): FastifyReply {
  const query: { readonly form?: unknown } = Object(request.query);
  const form = query.form === "responses" ? "responses" : "chat";
  return reply
    .header("cache-control", "no-cache")
    .header("vary", "authorization")
    .send(toolsOf(options, part).map((tool) => functionDefinition(tool, form)));
}

/** A server may be called openai, and a tool of it call. */
const ownName = "openai";

async function call(
  options: OpenAiOptions,
  name: string | undefined,
  exchange: Exchange,
): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const part = partOf(options, name, options.keyring().viewOfCaller(request.caller));
  const isServers = part.only === undefined && part.view.seesTool(ownName, "call");
  if (isServers && options.roster.find(ownName, part.view)?.catalogue.tools.has("call") === true) {
    return await callTool(options, { server: ownName, tool: "call" }, exchange);
  }
  const read = readFunctionCall(request.body);
  if ("problem" in read) return sendFault(reply, unreadable(read.problem));
  const tool = toolsOf(options, part).find((one) => one.name === read.name);
  if (tool === undefined) {
    const shown = JSON.stringify(read.name.slice(0, 64));
    const error = new ParleyError("E_TOOL_UNKNOWN", `There is no function ${shown}; see openai/tools.json.`);
    return sendFault(reply, faultOfError(error));
  }
  const { upstream, found } = tool;
  const calling = { serving: options, upstream, ending: callerEnding(reply) };
  try {
    return await callFound(calling, { found, args: read.args, messageOf: read.reply }, exchange);
  } catch (thrown) {
    return sendFault(reply, faultOfError(thrown));
  }
}
