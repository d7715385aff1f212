import { setTimeout as sleep } from "node:timers/promises";
import {
  audio,
  definePrompt,
  defineTool,
  embeddedResource,
  image,
  type Registry,
  type Tool,
  toolResult,
} from "@parley/tool-registry";
import { z } from "zod";
import { png, wav } from "./media.ts";

const nothing = z.object({});

/** Tools whose results are of every kind of content. */
export const contentTools: readonly Tool[] = [
  defineTool({
    name: "test_simple_text",
    description: "Answers with text.",
    input: nothing,
    handler: () => "This is a simple text response for testing.",
  }),
  defineTool({
    name: "test_image_content",
    description: "Answers with a picture.",
    input: nothing,
    handler: () => toolResult({ content: [image(png, "image/png")] }),
  }),
  defineTool({
    name: "test_audio_content",
    description: "Answers with a recording.",
    input: nothing,
    handler: () => toolResult({ content: [audio(wav(), "audio/wav")] }),
  }),
  defineTool({
    name: "test_embedded_resource",
    description: "Answers with a resource.",
    input: nothing,
    handler: () =>
      toolResult({
        content: [
          embeddedResource({
            uri: "test://embedded-resource",
            mimeType: "text/plain",
            data: "This is an embedded resource content.",
          }),
        ],
      }),
  }),
  defineTool({
    name: "test_multiple_content_types",
    description: "Answers with text, a picture and a resource.",
    input: nothing,
    handler: () =>
      toolResult({
        text: "Multiple content types test:",
        content: [
          image(png, "image/png"),
          embeddedResource({
            uri: "test://mixed-content-resource",
            mimeType: "application/json",
            data: JSON.stringify({ test: "data", value: 123 }),
          }),
        ],
      }),
  }),
  defineTool({
    name: "test_error_handling",
    description: "Fails.",
    input: nothing,
    handler: () => {
      throw new Error("This tool intentionally returns an error for testing");
    },
  }),
  defineTool({
    name: "test_x_mcp_header",
    description: "Takes an argument that also travels as a header.",
    input: z.object({
      region: z.string().describe('Where, for example "west"').meta({ "x-mcp-header": "Region" }),
    }),
    handler: ({ region }) => `region=${region}`,
  }),
  {
    name: "json_schema_2020_12_tool",
    description: "Its schema uses what only JSON Schema 2020-12 has.",
    inputSchema: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      $defs: {
        address: {
          $anchor: "addressDef",
          type: "object",
          properties: { street: { type: "string" }, city: { type: "string" } },
        },
      },
      properties: {
        name: { type: "string" },
        address: { $ref: "#/$defs/address" },
        contactMethod: { type: "string", enum: ["phone", "email"] },
        phone: { type: "string" },
        email: { type: "string" },
      },
      allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
      if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: { required: ["phone"] },
      else: { required: ["email"] },
      additionalProperties: false,
    },
    call: async (args) => toolResult({ structured: args }),
  },
];

/** Tools that say something while they run. */
export const talkingTools: readonly Tool[] = [
  defineTool({
    name: "test_tool_with_logging",
    description: "Sends three log messages.",
    input: nothing,
    handler: async (_args, context) => {
      for (const step of ["started", "processing data", "completed"]) {
        context.log("info", `Tool execution ${step}`);
        await sleep(50);
      }
      return "Tool with logging executed successfully";
    },
  }),
  defineTool({
    name: "test_logging_tool",
    description: "Sends a log message.",
    input: nothing,
    handler: (_args, context) => {
      context.log("info", "A message for whoever asked for messages");
      return "logged";
    },
  }),
  defineTool({
    name: "test_tool_with_progress",
    description: "Reports progress.",
    input: nothing,
    handler: async (_args, context) => {
      for (const done of [0, 50, 100]) {
        context.progress(done, 100, `Completed step ${done} of 100`);
        await sleep(50);
      }
      return "Tool with progress executed successfully";
    },
  }),
  defineTool({
    name: "test_reconnection",
    description: "Lets its client hang up and fetch the result later.",
    input: nothing,
    handler: async (_args, context) => {
      context.hangUp();
      await sleep(100);
      return "The client came back for this.";
    },
  }),
];

/** Tools that change what the server lists. */
export function changingTools(registry: Registry): readonly Tool[] {
  let changes = 0;
  return [
    defineTool({
      name: "test_trigger_tool_change",
      description: "Changes the list of tools.",
      input: nothing,
      handler: () => {
        changes += 1;
        const name = `test_changing_tool_${changes}`;
        const handler = (): string => name;
        registry.replace("changing tools", {
          tools: [defineTool({ name, description: "Came by a change.", input: nothing, handler })],
        });
        return "changed";
      },
    }),
    defineTool({
      name: "test_trigger_prompt_change",
      description: "Changes the list of prompts.",
      input: nothing,
      handler: () => {
        changes += 1;
        const name = `test_changing_prompt_${changes}`;
        const handler = (): string => name;
        registry.replace("changing prompts", {
          prompts: [definePrompt({ name, description: "Came by a change.", input: nothing, handler })],
        });
        return "changed";
      },
    }),
  ];
}
