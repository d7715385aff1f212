import { ParleyError, errorTable } from "@parley/core";
import type { ErrorCode } from "@parley/core";
import { type ToolResult, errorOf } from "@parley/tool-registry";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { OperationEntry } from "./operation.ts";
import { queryReader } from "./query-values.ts";

/** Where routes go, and how they call tools: what `createServer` of `@parley/server` gives. */
export interface ToolRoutes {
  readonly app: FastifyInstance;
  /** Calls a tool in the name of the route's caller. */
  readonly callTool: (reply: FastifyReply, name: string, args: unknown) => Promise<ToolResult>;
}

/** What {@link nomadRoutes} serves: the toolkit of `createNomad`, made without a prefix. */
export interface RestFace {
  readonly operations: readonly OperationEntry[];
  readonly tools: readonly { readonly name: string }[];
}

/**
 * Serves a toolkit's operations as REST: each has the route of its definition, its tool's name as operation id and its
 * toolset as tag. Path, query and body together are the tool's arguments; its structured result is the answer.
 */
export function nomadRoutes({ operations, tools }: RestFace, routes: ToolRoutes): void {
  const served = new Set(tools.map(({ name }) => name));
  // Routes of a plugin are seen by those before it, such as what writes the OpenAPI document.
  void routes.app.register(async (app) => {
    for (const entry of operations) {
      const name = [entry.name, ...entry.aliases].find((each) => served.has(each));
      if (name !== undefined) addRoute(entry, name, { ...routes, app });
    }
  });
}

/** The call is told to observers by itself; the declaration of this key is the server's. */
const config: object = { mcp: true };

function addRoute(entry: OperationEntry, name: string, { app, callTool }: ToolRoutes): void {
  const { method, path } = entry.route;
  const readQuery = queryReader(entry.input);
  app.route({
    method,
    url: path.replaceAll(/\{(\w+)\}/g, ":$1"),
    config,
    schema: documentation(entry, name),
    // The tool checks its own arguments, with messages for a model and a person alike.
    validatorCompiler: () => (value: unknown) => ({ value }),
    serializerCompiler: () => (value: unknown) => JSON.stringify(value),
    async handler(request, reply) {
      const result = await callTool(reply, name, argumentsOf(request, readQuery));
      const { structuredContent, isError } = result;
      if (isError === true) throw faultOf(name, result);
      if (!wantsText(request)) return structuredContent;
      return reply.type("text/plain; charset=utf-8").serializer(String).send(textOf(result));
    },
  });
}

/** In the path, then the body, then the query: who names a job in the path means that one. */
function argumentsOf(
  { params, query, body }: FastifyRequest,
  readQuery: ReturnType<typeof queryReader>,
): object {
  return { ...readQuery(asObject(query)), ...asObject(body), ...asObject(params) };
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

function wantsText({ headers }: FastifyRequest): boolean {
  return /^\s*text\/plain\b/.test(headers.accept ?? "");
}

function textOf({ content }: ToolResult): string {
  return content.flatMap(({ text }) => (typeof text === "string" ? [text] : [])).join("\n");
}

/** The tool's own error, which the server turns into a status. */
function faultOf(name: string, result: ToolResult): ParleyError {
  const { code = "E_TOOL_FAILED", message = textOf(result), details = {} } = errorOf(result) ?? {};
  const known = isCode(code) ? code : "E_TOOL_FAILED";
  return new ParleyError(known, message === "" ? `${name} failed.` : message, { details });
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}

function mask(names: readonly string[]): Record<string, true> {
  return Object.fromEntries(names.map((each) => [each, true] as const));
}

/** What OpenAPI says of a route, from the operation's own schemas. */
function documentation({ input, output, route, description, toolset }: OperationEntry, name: string) {
  const places = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, place = ""]) => place);
  const rest: z.ZodObject = input.omit(mask(places));
  const inQuery = route.method === "GET" || route.method === "DELETE";
  return {
    operationId: name,
    tags: [toolset],
    summary: description.split(". ", 1)[0] ?? description,
    description,
    ...(places.length === 0 ? {} : { params: input.pick(mask(places)) }),
    ...(Object.keys(rest.shape).length === 0 ? {} : inQuery ? { querystring: rest } : { body: rest }),
    response: { 200: output },
  };
}
