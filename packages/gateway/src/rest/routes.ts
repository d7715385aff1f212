import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ParleyError } from "@parley/core";
import { callsPath } from "../calls/calls-path.ts";
import { openAiRoutes } from "../openai/openai-routes.ts";
import { callRoutes } from "./call-routes.ts";
import { callTool } from "./call-tool.ts";
import { getPrompt, listPrompts } from "./prompts.ts";
import { readBodies } from "./read-bodies.ts";
import { findFor, listResources, readResource } from "./resources.ts";
import type { Exchange } from "./resources.ts";
import { findGroup, viewFor } from "./serving.ts";
import type { Serving } from "./serving.ts";

export interface RestOptions extends Serving {
  /** Begins and ends with a slash. */
  readonly prefix: string;
  /** The one server whose tools are at the top, where there is one alone. */
  readonly alone?: string | undefined;
  /** Whether lists of tools ask for a key too. */
  readonly isStrict: boolean;
  /** Hands a request on to the MCP endpoint of a group; false where there is no such group. */
  readonly handToGroup: (request: FastifyRequest, reply: FastifyReply, group: string) => boolean;
}

/** Each tool, resource and prompt at an address of its own. */
export function restRoutes(options: RestOptions): (scope: FastifyInstance) => Promise<void> {
  const { alone, prefix } = options;
  return async (scope) => {
    readBodies(scope);
    callRoutes(options, `${prefix}${callsPath}`)(scope);
    openAiRoutes(options)(scope);
    const base = alone === undefined ? `${prefix}:server` : prefix.slice(0, -1);
    serverRoutes(scope, options, base);
    otherMethods(scope, options, base);
    if (alone !== undefined) return;
    scope.addHook("preHandler", (request, _reply, done) => {
      takeSlashes(options, request);
      done();
    });
    serverRoutes(scope, options, `${prefix}:group/:server`);
    groupRoute(scope, options);
  };
}

/** The name of a tool may hold a slash or be followed by one, and whoever writes the address may leave it as it is. */
function takeSlashes(options: RestOptions, request: FastifyRequest): void {
  const [group, server, tool] = [
    param(request, "group"),
    param(request, "server"),
    textAt(request.params, "tool"),
  ];
  if (tool === undefined || options.groups().has(group) || !options.roster.upstreams.has(group)) return;
  request.params = { server: group, tool: tool === "" ? server : `${server}/${tool}` };
}

/** The routes of servers whose addresses begin with `base`. */
function serverRoutes(scope: FastifyInstance, options: RestOptions, base: string): void {
  const serverOf = (request: FastifyRequest): string => options.alone ?? param(request, "server");
  // The URI of a resource follows as it is, or as a parameter where a proxy would tidy it up.
  const read = (exchange: Exchange, uri: string): Promise<FastifyReply> =>
    options.running.during(readResource(options, { server: serverOf(exchange.request), uri }, exchange));
  const get = (path: string, answer: (exchange: Exchange) => unknown): void => {
    scope.get(`${base}${path}`, (request, reply) => answer({ request, reply }));
  };
  scope.post(`${base}/:tool`, (request, reply) =>
    options.running.during(
      callTool(options, { server: serverOf(request), tool: param(request, "tool") }, { request, reply }),
    ),
  );
  scope.post(`${base}/prompts/:prompt`, (request, reply) =>
    options.running.during(
      getPrompt(options, { server: serverOf(request), prompt: param(request, "prompt") }, { request, reply }),
    ),
  );
  get("/resources/*", (exchange) => read(exchange, param(exchange.request, "*")));
  get("/resources", async (exchange) => {
    const uri = queried(exchange.request, "uri");
    if (uri !== undefined) return await read(exchange, uri);
    return listResources(findFor(options, serverOf(exchange.request), exchange));
  });
  get("/prompts", async (exchange) => listPrompts(findFor(options, serverOf(exchange.request), exchange)));
}

/**
 * Says of a tool's address that it is called with POST. It asks for no key, so that whoever looks for something else here,
 * such as `/.well-known/...`, learns that it is not there; tools are named only where their documents are open.
 */
function otherMethods(scope: FastifyInstance, options: RestOptions, base: string): void {
  scope.route({
    method: ["GET", "PUT", "PATCH", "DELETE"],
    url: `${base}/:tool`,
    config: { public: true },
    handler: (request, reply) => {
      const server = options.alone ?? param(request, "server");
      const tool = param(request, "tool");
      const isOpen = !options.isStrict || options.keyring().isOpen;
      const known = options.roster.upstreams.get(server)?.catalogue.tools.has(tool) === true;
      if (!isOpen || !known || !options.keyring().viewOf(request.headers).seesTool(server, tool)) {
        return reply.callNotFound();
      }
      void reply.header("allow", "POST");
      const message = `The tool ${tool} is called with POST, not with ${request.method}.`;
      throw new ParleyError("E_METHOD_REFUSED", message);
    },
  });
}

/** A group's MCP endpoint; where the name is a server's, a tool may be called `mcp`. */
function groupRoute(scope: FastifyInstance, options: RestOptions): void {
  scope.route({
    method: ["GET", "POST", "DELETE"],
    url: `${options.prefix}:server/mcp`,
    exposeHeadRoute: false,
    config: { mcp: true },
    onRequest: async (request, reply) => {
      options.handToGroup(request, reply, param(request, "server"));
    },
    handler: async (request, reply) => {
      const server = param(request, "server");
      if (request.method !== "POST") findGroup(options, server, viewFor(options, request));
      return await options.running.during(callTool(options, { server, tool: "mcp" }, { request, reply }));
    },
  });
}

function param({ params }: FastifyRequest, name: string): string {
  return textAt(params, name) ?? "";
}

function queried({ query }: FastifyRequest, name: string): string | undefined {
  return textAt(query, name);
}

function textAt(fields: unknown, name: string): string | undefined {
  const found: unknown =
    typeof fields === "object" && fields !== null ? Reflect.get(fields, name) : undefined;
  return typeof found === "string" ? found : undefined;
}
