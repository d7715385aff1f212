import { ParleyError } from "@parley/core";
import { type Tool, type ToolResult, toolResult } from "@parley/tool-registry";
import type { FastifyInstance, InjectOptions } from "fastify";
import type { RouteInput } from "./route-schema.ts";

/** A route to make a tool of. */
export interface RouteToolOptions {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly input: RouteInput;
  readonly output: Tool["outputSchema"];
}

/** Longest answer handed on, in characters. */
const maxText = 200_000;

/** A tool that calls a route of an app in the same process. */
export function routeTool(app: FastifyInstance, route: RouteToolOptions): Tool {
  const { name, description, tags, method, input, output } = route;
  const isRead = method === "GET";
  return {
    name,
    description,
    tags,
    inputSchema: input.schema,
    ...(output === undefined ? {} : { outputSchema: output }),
    annotations: {
      readOnlyHint: isRead,
      destructiveHint: method === "DELETE",
      idempotentHint: method !== "POST" && method !== "PATCH",
      openWorldHint: true,
    },
    scope: isRead ? "read" : "dispatch",
    async call(args, { signal }) {
      const answer = await app.inject({ ...requestOf(route, args), signal });
      return resultOf({ status: answer.statusCode, text: answer.body, isStructured: output !== undefined });
    },
  };
}

function requestOf(
  { method, url, headers, input }: RouteToolOptions,
  args: Readonly<Record<string, unknown>>,
): InjectOptions {
  const path = url.replaceAll(/:(\w+)/g, (_whole, place: string) => inPath(place, text(args[place])));
  const query = new URLSearchParams();
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(args)) {
    if (input.params.has(name) || value === undefined) continue;
    if (!input.query.has(name)) body[name] = value;
    else for (const each of [value].flat()) query.append(name, text(each));
  }
  return {
    method,
    url: query.size === 0 ? path : `${path}?${query.toString()}`,
    headers: { ...headers, accept: "application/json" },
    ...(input.hasBody ? { payload: body } : {}),
  };
}

/** A dot segment would lead to another route. @throws `E_ARGUMENT_INVALID` */
function inPath(place: string, value: string): string {
  if (!["", ".", ".."].includes(value)) return encodeURIComponent(value);
  throw new ParleyError("E_ARGUMENT_INVALID", `${place}: ${JSON.stringify(value)} cannot be part of a path.`);
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly isStructured: boolean;
}

function resultOf({ status, text: said, isStructured }: Answer): ToolResult {
  const cut = said.length > maxText ? `${said.slice(0, maxText)}...` : said;
  if (status >= 400) return toolResult({ text: `HTTP ${status}: ${cut}`, isError: true });
  const value = isStructured ? parsed(said) : undefined;
  if (value === undefined) return toolResult({ text: cut === "" ? `HTTP ${status}` : cut });
  return toolResult({ text: cut, structured: value });
}

function parsed(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    return undefined;
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
