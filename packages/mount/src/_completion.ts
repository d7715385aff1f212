import { ParleyError } from "@parley/core";
import type { McpClient, McpCompletion } from "@parley/mcp-client";
import { isObject } from "./_questions.ts";

/** A user is typing meanwhile. */
const timeoutMs = 5000;

/** What a server suggests; nothing where it suggests nothing, or does not know how. */
export async function completionValues(
  client: McpClient,
  completion: McpCompletion,
): Promise<readonly string[]> {
  try {
    const { completion: found } = await client.complete(completion, { timeoutMs });
    const values = isObject(found) ? found["values"] : undefined;
    return Array.isArray(values) ? values.filter((value) => typeof value === "string").slice(0, 100) : [];
  } catch (error) {
    if (ParleyError.isInstance(error)) return [];
    throw error;
  }
}
