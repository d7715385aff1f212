import { ParleyError } from "@parley/core";
import type { JsonObject } from "@parley/mcp-client";
import type { AskKind, Question } from "@parley/tool-registry";

/** A question of a mounted server, handed on word for word; its answer goes back as it came. */
export type ForwardedQuestion = Question<JsonObject>;

const methods = ["elicitation/create", "sampling/createMessage", "roots/list"] as const;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(method: (typeof methods)[number], params: JsonObject): AskKind {
  if (method === "sampling/createMessage") return "model";
  if (method === "roots/list") return "roots";
  return params["mode"] === "url" ? "url" : "form";
}

/** @throws `E_MCP_PROTOCOL` for a request that no client is asked */
export function questionOf(method: unknown, params: unknown): ForwardedQuestion {
  const known = methods.find((each) => each === method);
  if (known === undefined || (params !== undefined && !isObject(params))) {
    throw new ParleyError(
      "E_MCP_PROTOCOL",
      "A mounted server asks for something that clients do not answer.",
    );
  }
  // `_meta` holds the server's own progress token, which means nothing to our client.
  const { _meta, ...own } = params ?? {};
  return {
    kind: kindOf(known, own),
    method: known,
    params: own,
    read: (raw) => (isObject(raw) ? raw : undefined),
  };
}

/** The most a server may ask for at once. */
const maxQuestions = 32;

/** The questions of a server of 2026-07-28, by its keys. @throws `E_MCP_PROTOCOL` for too many */
export function questionsOf(name: string, asked: unknown): Readonly<Record<string, ForwardedQuestion>> {
  const entries = isObject(asked) ? Object.entries(asked) : [];
  if (entries.length > maxQuestions) {
    throw new ParleyError(
      "E_MCP_PROTOCOL",
      `The mounted server ${name} asks for more than ${maxQuestions} inputs.`,
    );
  }
  return Object.fromEntries(
    entries.map(([key, each]) => {
      const { method, params } = isObject(each) ? each : {};
      return [key, questionOf(method, params)] as const;
    }),
  );
}
