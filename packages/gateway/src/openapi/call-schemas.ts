/** Schemas of calls that have an address of their own. */
export const callSchemas = {
  PendingCall: {
    type: "object",
    description: "A call that has not ended",
    properties: {
      id: { type: "string" },
      status: { enum: ["running", "input_required"] },
      href: { type: "string", description: "POST answers its questions, GET asks for it, DELETE cancels it" },
      progress: {
        type: "object",
        properties: {
          progress: { type: "number" },
          total: { type: "number" },
          message: { type: "string" },
        },
        required: ["progress"],
      },
      questions: {
        type: "object",
        description: "What the call asks, by key",
        additionalProperties: { $ref: "#/components/schemas/CallQuestion" },
      },
      expiresAt: { type: "string", format: "date-time", description: "Until then answers are taken" },
    },
    required: ["id", "status", "href"],
  },
  CallQuestion: {
    type: "object",
    properties: {
      kind: {
        enum: ["form", "url", "model"],
        description: "A form for a person, a page to open, or a request to a model",
      },
      message: { type: "string" },
      schema: { type: "object", description: "JSON Schema of the content of an accepted form" },
      url: { type: "string" },
      request: { type: "object", description: "What MCP's sampling/createMessage holds" },
    },
    required: ["kind"],
  },
  CallAnswer: {
    type: "object",
    description:
      "Of one question the answer itself, of several `answers` by key. A form: `action`, and `content` that fits its schema when it is accepted. A request to a model: `content` is what the model said.",
    properties: {
      action: { enum: ["accept", "decline", "cancel"] },
      content: { type: ["object", "array"] },
      model: { type: "string" },
      answers: { type: "object", additionalProperties: { type: "object" } },
    },
  },
  CallEvents: {
    type: "string",
    description:
      "Server-sent events: `progress`, `log`, `input_required` with a PendingCall, and at last `result` or `error`. Whoever leaves ends the call.",
  },
} as const;
