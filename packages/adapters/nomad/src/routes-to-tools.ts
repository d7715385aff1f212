import type { Tool } from "@parley/tool-registry";
import type { FastifyInstance, RouteOptions } from "fastify";
import { type RouteSchema, inputOf, outputOf } from "./route-schema.ts";
import { routeTool } from "./route-tool.ts";

/** Which routes become tools, and how they are called. */
export interface RoutesToToolsOptions {
  /** Routes with one of these tags alone; default all. */
  readonly includeTags?: readonly string[] | undefined;
  /** Routes with none of these tags. */
  readonly excludeTags?: readonly string[] | undefined;
  /** Put before each tool's name; default none. */
  readonly prefix?: string | undefined;
  /** Sent with every call, such as a credential of the app's own. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The routes of an app as tools. */
export interface RouteTools {
  /** Waits until the app is ready, when all its routes are known. */
  tools(): Promise<readonly Tool[]>;
}

/**
 * Makes tools of a fastify app's routes: call it before the routes are added. A tool is named after the route's
 * `operationId`, else its method and path; it takes the fields of path, query and body together, and its call is a
 * request to the app within the process. Routes that say `hide`, end in a wildcard or have another schema language than JSON Schema or zod
 * are left out, as are HEAD and OPTIONS.
 */
export function routesToTools(app: FastifyInstance, options: RoutesToToolsOptions = {}): RouteTools {
  const routes: RouteOptions[] = [];
  app.addHook("onRoute", (route) => {
    routes.push(route);
  });
  return {
    async tools() {
      await app.ready();
      return routes.flatMap((route) =>
        methodsOf(route).flatMap((method) => toolOf(app, { route, method, options })),
      );
    },
  };
}

interface Chosen {
  readonly route: RouteOptions;
  readonly method: string;
  readonly options: RoutesToToolsOptions;
}

const callable: ReadonlySet<string> = new Set(["GET", "POST", "PUT", "PATCH", "DELETE"]);

function methodsOf({ method }: RouteOptions): readonly string[] {
  return [method].flat().filter((each) => callable.has(each));
}

function toolOf(app: FastifyInstance, { route, method, options }: Chosen): readonly Tool[] {
  const schema: RouteSchema & Described = { ...route.schema };
  const { includeTags, excludeTags = [], prefix = "", headers = {} } = options;
  const { tags = [], hide = false } = schema;
  const isWanted = includeTags === undefined || tags.some((tag) => includeTags.includes(tag));
  const input = inputOf(route.url, schema);
  if (
    hide ||
    route.url.includes("*") ||
    !isWanted ||
    tags.some((tag) => excludeTags.includes(tag)) ||
    input === undefined
  )
    return [];
  const name = prefix + (schema.operationId ?? nameOf(method, route.url));
  const description = [schema.summary, schema.description].filter(Boolean).join(". ");
  return [
    routeTool(app, {
      name,
      description: description === "" ? `${method} ${route.url}` : description,
      tags,
      method,
      url: route.url,
      headers,
      input,
      output: outputOf(schema),
    }),
  ];
}

/** What @fastify/swagger reads of a route. */
interface Described {
  readonly operationId?: string | undefined;
  readonly summary?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly hide?: boolean | undefined;
}

/** `GET /api/jobs/:job_id` as `get_api_jobs_job_id`. */
function nameOf(method: string, url: string): string {
  const words = url.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return [method.toLowerCase(), ...words].join("_").slice(0, 64);
}
