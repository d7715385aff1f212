import type { JsonObject, McpClient } from "@parley/mcp-client";

interface Claims {
  readonly tools?: readonly unknown[];
  readonly prompts?: readonly unknown[] | Error;
  readonly resources?: readonly unknown[];
  readonly result?: JsonObject;
}

/** A server that says whatever the test wants, without the reader of a connection in between. */
export function claiming({ tools = [], prompts = [], resources = [], result = {} }: Claims): McpClient {
  const list = async (items: readonly unknown[] | Error) => {
    if (items instanceof Error) throw items;
    return items as readonly JsonObject[]; // what a hostile server says has no type
  };
  const answer = async (): Promise<JsonObject> => result;
  return {
    era: "modern",
    server: { capabilities: {} },
    listTools: () => list(tools),
    listPrompts: () => list(prompts),
    listResources: () => list(resources),
    listResourceTemplates: () => list([]),
    readResource: answer,
    subscribeResource: async () => undefined,
    unsubscribeResource: async () => undefined,
    getPrompt: answer,
    callTool: answer,
    complete: answer,
    setLogLevel: async () => undefined,
    discover: answer,
    ping: async () => 1,
    request: answer,
    notify: async () => undefined,
    close: async () => undefined,
  };
}
