import { definePrompt, defineResource, defineTool, toolResult } from "@parley/tool-registry";
import type { Registry, Tool } from "@parley/tool-registry";
import { z } from "zod";
import { eventRegistry, handSource } from "../_sources.ts";

/** As a remote server describes one: its arguments are checked by JSON Schema and handed on. */
const odd: Tool = {
  name: "odd",
  description: "Takes what it gets.",
  inputSchema: {
    $defs: { port: { type: "integer", minimum: 0 } },
    type: "object",
    properties: {
      url: { type: "string" },
      info: { type: "object", additionalProperties: { $ref: "#/$defs/port" } },
      from: { type: ["string", "null"] },
      args: { type: "array" },
    },
  },
  passThrough: true,
  call: async (args) => toolResult({ structured: { heard: args } }),
};

const echo = defineTool({
  name: "echo",
  description: "Echoes.",
  input: z.looseObject({ message: z.string() }),
  handler: ({ message }) => message,
});

const add = defineTool({
  name: "add",
  description: "Adds.",
  input: z.object({ a: z.number(), b: z.number().default(1) }),
  output: z.object({ sum: z.number() }),
  handler: ({ a, b }) => ({ sum: a + b }),
});

const counts = defineTool({
  name: "counts",
  description: "Reports progress.",
  input: z.object({}),
  handler: (_args, context) => {
    for (const done of [0, 50, 100]) context.progress(done, 100, `at ${done}`);
    return "done";
  },
});

/** A registry with something of every kind, none of which fails on its own. */
export function fullRegistry(): Registry {
  const registry = eventRegistry(handSource().source);
  for (const tool of [odd, echo, add, counts]) registry.addTool(tool);
  registry.addPrompt(
    definePrompt({
      name: "greeting",
      description: "Greets.",
      input: z.object({ name: z.string() }),
      complete: { name: () => ["ada", "bob"] },
      handler: ({ name }) => `Hello ${name}`,
    }),
  );
  registry.addResource(defineResource({ name: "one", uri: "test://one", handler: () => "one" }));
  registry.addResource(
    defineResource({
      name: "each",
      uriTemplate: "test://{name}",
      complete: { name: () => ["one"] },
      handler: (uri) => `this is ${uri}`,
    }),
  );
  return registry;
}
