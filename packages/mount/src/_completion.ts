import { ParleyError } from "@parley/core";
import type { JsonObject, McpClient, McpCompletion } from "@parley/mcp-client";
import type { Suggestions } from "@parley/tool-registry";
import { isObject } from "./_questions.ts";

/** A user is typing meanwhile. */
const timeoutMs = 5000;

/** What a server suggests; nothing where it suggests nothing, or does not know how. */
export async function completionValues(client: McpClient, completion: McpCompletion): Promise<Suggestions> {
  try {
    const { completion: found } = await client.complete(completion, { timeoutMs });
    return isObject(found) ? suggestionsIn(found) : none;
  } catch (error) {
    if (ParleyError.isInstance(error)) return none;
    throw error;
  }
}

const none: Suggestions = { values: [], total: 0 };

/** The most values one answer may hold (MCP, completion). */
const maxValues = 100;

function suggestionsIn({ values: given, total, hasMore }: JsonObject): Suggestions {
  const values = Array.isArray(given) ? given.filter((value) => typeof value === "string") : [];
  const isTotal = typeof total === "number" && Number.isSafeInteger(total) && total >= values.length;
  return {
    values: values.slice(0, maxValues),
    ...(isTotal ? { total } : {}),
    hasMore: hasMore === true || values.length > maxValues,
  };
}
