import { defineTool, type Tool, toolResult } from "@parley/tool-registry";
import { z } from "zod";
import { Echoed, simpleEcho, structuredEcho } from "./say.ts";

/** Options of {@link createEcho}. */
export interface EchoOptions {
  /** Put before each tool's name, where two adapters would collide; default none. */
  readonly prefix?: string | undefined;
}

/** What an adapter offers to a registry: `registry.replace(origin, toolkit)`. */
export interface Toolkit {
  readonly origin: string;
  readonly tools: readonly Tool[];
}

const Message = z.string().max(100_000).describe("What to say back, for example: hello");
const annotations = { readOnlyHint: true, idempotentHint: true, openWorldHint: false } as const;

/** The echo tools, `simple_echo` and `structured_echo`. */
export function createEcho({ prefix = "" }: EchoOptions = {}): Toolkit {
  return {
    origin: "@parley/echo",
    tools: [
      defineTool({
        name: `${prefix}simple_echo`,
        description: "Says the message back unchanged.",
        input: z.object({ message: Message }),
        annotations,
        handler: simpleEcho,
      }),
      defineTool({
        name: `${prefix}structured_echo`,
        description: "Says the message back a number of times, as structured content.",
        input: z.object({
          message: Message,
          times: z.number().int().min(1).max(10).default(1).describe("How often, for example: 3"),
        }),
        output: Echoed,
        annotations,
        async handler(args) {
          const echoed = await structuredEcho(args);
          return toolResult({ text: echoed.message, structured: echoed });
        },
      }),
    ],
  };
}
