import type { JsonSchema } from "@parley/tool-registry";
import { z } from "zod";

/** The schemas of a route, in whatever language its app has. */
export interface RouteSchema {
  readonly params?: unknown;
  readonly querystring?: unknown;
  readonly body?: unknown;
  readonly response?: unknown;
}

/** Where each argument of a route goes. */
export interface RouteInput {
  readonly schema: JsonSchema;
  readonly params: ReadonlySet<string>;
  readonly query: ReadonlySet<string>;
  readonly hasBody: boolean;
}

/** The arguments of a route as one schema; `undefined` when one of its schemas cannot be read. */
export function inputOf(url: string, schema: RouteSchema): RouteInput | undefined {
  const places = [...url.matchAll(/:(\w+)/g)].map(([, place = ""]) => place);
  const undescribed: JsonSchema = {
    type: "object",
    properties: Object.fromEntries(places.map((place) => [place, { type: "string" }])),
    required: places,
  };
  const params = asObjectSchema(schema.params ?? undescribed);
  const query = asObjectSchema(schema.querystring ?? nothing);
  const body = asObjectSchema(schema.body ?? nothing);
  if (params === undefined || query === undefined || body === undefined) return undefined;
  return {
    schema: {
      type: "object",
      properties: { ...body.properties, ...query.properties, ...params.properties },
      required: [...new Set([...body.required, ...query.required, ...places])],
      additionalProperties: false,
    },
    params: new Set(places),
    query: new Set(Object.keys(query.properties)),
    hasBody: Object.keys(body.properties).length > 0,
  };
}

/** The schema of a route's 200 or 201, where it is an object's. */
export function outputOf({ response }: RouteSchema): JsonSchema | undefined {
  const answers = record(response);
  const found = jsonSchema(answers["200"] ?? answers["201"] ?? answers["2xx"]);
  return found?.["type"] === "object" ? found : undefined;
}

const nothing: JsonSchema = { type: "object", properties: {} };

interface ObjectSchema {
  readonly properties: JsonSchema;
  readonly required: readonly unknown[];
}

function asObjectSchema(given: unknown): ObjectSchema | undefined {
  const schema = jsonSchema(given);
  if (schema?.["type"] !== "object") return undefined;
  const { required } = schema;
  return { properties: record(schema["properties"]), required: Array.isArray(required) ? required : [] };
}

function jsonSchema(given: unknown): JsonSchema | undefined {
  if (given instanceof z.ZodType) {
    const { $schema: _dialect, ...schema } = z.toJSONSchema(given, { io: "input", unrepresentable: "any" });
    return schema;
  }
  const schema = record(given);
  return "type" in schema ? schema : undefined;
}

function record(value: unknown): JsonSchema {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
