import { callSchemas } from "./call-schemas.ts";

/** Schemas every document has. */
export const commonSchemas = {
  Fault: {
    type: "object",
    description: "What failed, on what, and what to do next",
    properties: {
      error: {
        type: "object",
        properties: {
          code: { type: "string" },
          message: { type: "string" },
          retryable: { type: "boolean" },
          details: { type: "object" },
        },
        required: ["code", "message", "retryable"],
      },
      detail: {
        description: "The same as mcpo says it; a list of places for arguments that do not fit",
      },
    },
    required: ["error", "detail"],
  },
  Prompt: {
    type: "object",
    properties: {
      description: { type: "string" },
      messages: {
        type: "array",
        items: {
          type: "object",
          properties: { role: { enum: ["user", "assistant"] }, content: { type: "object" } },
          required: ["role", "content"],
        },
      },
    },
    required: ["messages"],
  },
  ToolResult: {
    type: "object",
    description: "A tool's result as MCP has it",
    properties: {
      content: { type: "array", items: { type: "object", properties: { type: { type: "string" } } } },
      structuredContent: {},
      isError: { type: "boolean" },
      _meta: { type: "object" },
    },
    required: ["content"],
  },
  ...callSchemas,
} as const;
