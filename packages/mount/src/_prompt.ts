import { ParleyError } from "@parley/core";
import type { JsonObject } from "@parley/mcp-client";
import { isBlock } from "@parley/tool-registry";
import type { Prompt } from "@parley/tool-registry";
import type { RemotePrompt } from "./_catalog.ts";
import { completionValues } from "./_completion.ts";
import { forward } from "./_forward.ts";
import { mountOrigin } from "./_origin.ts";
import { isObject } from "./_questions.ts";
import type { Upstream } from "./_upstream.ts";

type Gotten = Awaited<ReturnType<Prompt["get"]>>;
type Message = Gotten["messages"][number];

function isMessage(value: unknown): value is Message {
  if (!isObject(value)) return false;
  return (value["role"] === "user" || value["role"] === "assistant") && isBlock(value["content"]);
}

function readPrompt({ description, messages }: JsonObject, who: string): Gotten {
  if (!Array.isArray(messages) || !messages.every(isMessage)) {
    throw new ParleyError("E_MCP_PROTOCOL", `The ${who} sent a prompt that is no list of messages.`);
  }
  return { messages, ...(typeof description === "string" ? { description } : {}) };
}

/** A prompt of a mounted server. */
export function mountedPrompt(upstream: Upstream, definition: RemotePrompt, name: string): Prompt {
  const { name: original, title, description, arguments: args, icons, _meta } = definition;
  const { client } = upstream;
  const origin = mountOrigin(upstream.name);
  return {
    name,
    title,
    description,
    arguments: args,
    icons,
    _meta,
    tags: [upstream.name],
    origin,
    complete: (argument, typed, filled) =>
      completionValues(client, {
        ref: { type: "ref/prompt", name: original },
        argument: { name: argument, value: typed },
        context: { arguments: filled },
      }),
    async get(given, context) {
      const result = await forward(upstream, context, (client, more, call) =>
        Object.keys(more).length === 0
          ? client.getPrompt(original, given, call)
          : client.request("prompts/get", { name: original, arguments: given, ...more }, call),
      );
      return readPrompt(result, origin);
    },
  };
}
