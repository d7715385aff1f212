import { Validator } from "@cfworker/json-schema";
import type { JsonSchema, Tool } from "@parley/tool-registry";
import { isRecord } from "../record.ts";

/** One thing wrong with arguments, as FastAPI says it. */
export interface Misfit {
  readonly type: string;
  readonly loc: readonly string[];
  readonly msg: string;
}

type Args = Readonly<Record<string, unknown>>;

/** Larger arguments are not looked at: an answer about them may take no longer than the call did. */
const maxChars = 65_536;
const maxMisfits = 5;

/**
 * What about a failed call's arguments does not fit its tool's schema. The server has had them as they were: it alone
 * decides, and this tells only whose fault a failure is. The schema is a stranger's, so it is read and never turned
 * into code.
 */
export function misfitsOf({ inputSchema }: Tool, args: Args): readonly Misfit[] {
  if (JSON.stringify(args).length > maxChars) return [];
  const dialect = inputSchema["$schema"];
  const draft = typeof dialect === "string" && /draft-0[4-7]/.test(dialect) ? "7" : "2020-12";
  try {
    const { errors } = new Validator({ ...inputSchema }, draft, false).validate(args);
    return errors
      .filter(({ keyword }) => !["properties", "$ref", "allOf"].includes(keyword))
      .slice(0, maxMisfits)
      .map(({ keyword, instanceLocation, error }) => ({
        type: keyword,
        loc: ["body", ...instanceLocation.split("/").slice(1)],
        msg: error,
      }));
  } catch {
    // A reference that leads nowhere: nothing can be said.
    return [];
  }
}

/**
 * Leaves out a null at the top where the schema has no place for one: callers that were made for mcpo, which never
 * passes any on, send them for what they leave open.
 */
export function withoutNulls({ inputSchema }: Tool, args: Args): Args {
  const open = Object.keys(args).filter((key) => args[key] === null);
  if (open.length === 0) return args;
  const { properties } = inputSchema;
  const dropped = new Set(open.filter((key) => isRecord(properties) && refusesNull(properties, key)));
  if (dropped.size === 0) return args;
  return Object.fromEntries(Object.entries(args).filter(([key]) => !dropped.has(key)));
}

function refusesNull(properties: JsonSchema, key: string): boolean {
  const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (!isRecord(schema)) return false;
  const { type } = schema;
  if (typeof type === "string") return type !== "null";
  if (Array.isArray(type)) return !type.includes("null");
  const { enum: values } = schema;
  return Array.isArray(values) && !values.includes(null);
}
