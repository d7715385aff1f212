import type { Prompt } from "@parley/tool-registry";
import type { CatalogueTool } from "../upstream/catalogue.ts";
import type { Components } from "./components.ts";

/** What the operations of one server share. */
export interface OperationContext {
  readonly components: Components;
  /** Gives an operation id that no other operation has. */
  readonly operationId: (wanted: string) => string;
  readonly tag: string;
  /** Whether a key is asked. */
  readonly isKeyed: boolean;
}

type Operation = Readonly<Record<string, unknown>>;

/** The media type of an MCP tool result as it is. */
export const toolResultType = "application/vnd.mcp.tool-result+json";

/** What a call answers that goes on elsewhere. */
export const pendingAnswer = { $ref: "#/components/responses/PendingCall" } as const;

export const faultsOf = (isKeyed: boolean, more: Readonly<Record<string, string>>): Operation => {
  const described = {
    ...(isKeyed ? { 401: "No key, or an unknown one", 403: "The key does not cover this" } : {}),
    404: "There is no such server or tool",
    ...more,
    502: "The server failed, refused the call or cannot be reached",
    504: "The server did not answer in time",
  };
  return Object.fromEntries(
    Object.entries(described).map(([status, description]) => [
      status,
      { description, content: { "application/json": { schema: { $ref: "#/components/schemas/Fault" } } } },
    ]),
  );
};

export const security = (isKeyed: boolean): Operation => (isKeyed ? { security: [{ key: [] }] } : {});

export function toolOperation({ tool }: CatalogueTool, context: OperationContext): Operation {
  const { components, tag, isKeyed } = context;
  const { name, title, description, inputSchema, outputSchema, annotations } = tool;
  const operationId = context.operationId(name);
  const required = inputSchema["required"];
  const result = outputSchema === undefined ? {} : components.add(`${operationId}_result`, outputSchema);
  return {
    operationId,
    tags: [tag],
    summary: title ?? annotations?.title ?? titleOf(name),
    ...(description === undefined ? {} : { description }),
    ...(annotations === undefined ? {} : { "x-mcp-annotations": annotations }),
    requestBody: {
      required: Array.isArray(required) && required.length > 0,
      content: {
        "application/json": { schema: components.add(`${operationId}_arguments`, inputSchema) },
      },
    },
    responses: {
      200: {
        description: "What the tool answered",
        content: {
          "application/json": { schema: result },
          [toolResultType]: { schema: { $ref: "#/components/schemas/ToolResult" } },
          "text/event-stream": { schema: { $ref: "#/components/schemas/CallEvents" } },
        },
      },
      202: pendingAnswer,
      ...faultsOf(isKeyed, {
        422: "The arguments do not fit",
        429: "Too many calls wait for their callers",
      }),
    },
    ...security(isKeyed),
  };
}

export function promptOperation(prompt: Prompt, context: OperationContext): Operation {
  const { tag, isKeyed } = context;
  const args = prompt.arguments ?? [];
  const required = args.filter((one) => one.required === true).map((one) => one.name);
  const properties = args.map(({ name, description }) => [
    name,
    { type: "string", ...(description === undefined ? {} : { description }) },
  ]);
  return {
    operationId: context.operationId(`prompt_${prompt.name}`),
    tags: [tag],
    summary: prompt.title ?? titleOf(prompt.name),
    ...(prompt.description === undefined ? {} : { description: prompt.description }),
    requestBody: {
      required: required.length > 0,
      content: {
        "application/json": {
          schema: {
            type: "object",
            properties: Object.fromEntries(properties),
            ...(required.length === 0 ? {} : { required }),
          },
        },
      },
    },
    responses: {
      200: {
        description: "The prompt's messages",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Prompt" } } },
      },
      ...faultsOf(isKeyed, { 422: "The arguments do not fit" }),
    },
    ...security(isKeyed),
  };
}

export function listOperation(what: "resources" | "prompts", context: OperationContext): Operation {
  return {
    operationId: context.operationId(`list_${what}`),
    tags: [context.tag],
    summary: `The ${what} of ${context.tag}`,
    responses: {
      200: {
        description: `The ${what} as MCP lists them`,
        content: { "application/json": { schema: { type: "object" } } },
      },
      ...faultsOf(context.isKeyed, {}),
    },
    ...security(context.isKeyed),
  };
}

export function readOperation(context: OperationContext): Operation {
  const uri = { name: "uri", in: "path", required: true, schema: { type: "string" } };
  return {
    operationId: context.operationId("read_resource"),
    tags: [context.tag],
    summary: `Read a resource of ${context.tag}`,
    description: "The resource itself, in its own media type; as MCP has it with Accept: application/json.",
    parameters: [{ ...uri, description: "The resource's URI, percent-encoded" }],
    responses: {
      200: { description: "The resource", content: { "*/*": { schema: {} } } },
      ...faultsOf(context.isKeyed, {}),
    },
    ...security(context.isKeyed),
  };
}

/** `get_current_time` as "Get Current Time". */
function titleOf(name: string): string {
  return name
    .replaceAll(/[_/.-]+/g, " ")
    .trim()
    .replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
}
