import { ParleyError } from "@parley/core";
import type { FastifyInstance } from "fastify";

/** What a JSON body may be. */
export interface JsonBodyOptions {
  /** Whether a request that is no POST may announce JSON and send nothing. */
  readonly emptyUnlessPost: boolean;
}

/** Levels of arrays and objects inside each other; validation and serialisation recurse once for each. */
export const maxDepth = 256;

/** Reads JSON bodies of an app or a scope, without keys that reach a prototype and without bottomless ones. */
export function readJsonBodies(scope: FastifyInstance, { emptyUnlessPost }: JsonBodyOptions): void {
  const parse = scope.getDefaultJsonParser("error", "error");
  scope.removeContentTypeParser("application/json");
  scope.addContentTypeParser<string>("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "" && emptyUnlessPost && request.method !== "POST") done(null, undefined);
    else if (isDeeperThan(body, maxDepth)) done(tooDeep(), undefined);
    else {
      const value = harmless(body);
      if (value === undefined) void parse(request, body, done);
      else done(null, value);
    }
  });
}

/** The value of JSON text in which no key can reach a prototype, as a glance tells; of any other, nothing. */
function harmless(body: string): unknown {
  if (body.includes("__proto__") || body.includes("constructor") || body.includes("\\")) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    // What is wrong with it is said where the rest is parsed.
    return undefined;
  }
}

function tooDeep(): ParleyError {
  return new ParleyError(
    "E_ARGUMENT_INVALID",
    `The body nests arrays and objects more than ${maxDepth} deep; send a flatter one.`,
  );
}

const quote = 34;
const backslash = 92;
const openings: ReadonlySet<number> = new Set([91, 123]);
const closings: ReadonlySet<number> = new Set([93, 125]);

/** Whether JSON text nests deeper than `limit`; of text that is no JSON any answer will do. */
export function isDeeperThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === backslash) index += 1;
      else if (code === quote) inString = false;
    } else if (code === quote) {
      inString = true;
    } else if (openings.has(code)) {
      depth += 1;
      if (depth > limit) return true;
    } else if (closings.has(code)) {
      depth -= 1;
    }
  }
  return false;
}
