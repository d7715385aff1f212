import { shortHash } from "@parley/core";
import type { JsonSchema } from "@parley/tool-registry";
import type { View } from "../policy/view.ts";
import type { CatalogueTool } from "../upstream/catalogue.ts";
import type { Upstream } from "../upstream/upstream.ts";

/** A tool, and what it is called where functions are called. */
export interface FunctionTool {
  /** At most 64 letters, digits, `_` and `-`, as OpenAI's interfaces want it. */
  readonly name: string;
  readonly upstream: Upstream;
  readonly found: CatalogueTool;
}

const maxLength = 64;
/** Longer descriptions are refused by OpenAI. */
const maxDescription = 1024;

/**
 * The tools a caller sees under the names of functions: `SERVER_TOOL`, of one server alone its own names. A name that
 * had to be changed, or is taken, ends in a hash of what it stands for.
 */
export function functionTools(
  upstreams: Iterable<Upstream>,
  view: View,
  only?: string,
): readonly FunctionTool[] {
  const taken = new Set<string>();
  return [...upstreams]
    .filter(({ server: { name } }) => view.seesServer(name) && (only === undefined || only === name))
    .flatMap((upstream) => {
      const server = upstream.server.name;
      return [...upstream.catalogue.tools.values()]
        .filter(({ tool }) => view.seesTool(server, tool.name))
        .map((found): FunctionTool => {
          const name = functionName(
            only === undefined ? [server, found.tool.name] : [found.tool.name],
            taken,
          );
          taken.add(name);
          return { name, upstream, found };
        });
    });
}

function functionName(parts: readonly string[], taken: ReadonlySet<string>): string {
  const whole = parts.join("_");
  const plain = whole.replaceAll(/[^A-Za-z0-9_-]/g, "_");
  if (plain === whole && plain.length <= maxLength && !taken.has(plain)) return plain;
  const hash = shortHash(JSON.stringify(parts));
  return `${plain.slice(0, maxLength - hash.length - 1)}_${hash}`;
}

/** The form of chat completions, or the flat one of responses. */
export type FunctionForm = "chat" | "responses";

export function functionDefinition({ name, found }: FunctionTool, form: FunctionForm): unknown {
  const { description, inputSchema } = found.tool;
  const definition = {
    name,
    ...(description === undefined ? {} : { description: description.slice(0, maxDescription) }),
    parameters: parametersOf(inputSchema),
  };
  return form === "chat" ? { type: "function", function: definition } : { type: "function", ...definition };
}

/** The schema as it is; one that names no properties is refused without any. */
function parametersOf(schema: JsonSchema): JsonSchema {
  return { type: "object", ...schema, properties: schema["properties"] ?? {} };
}
