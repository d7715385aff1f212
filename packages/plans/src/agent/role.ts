import { ParleyError } from "@parley/core";
import type { ChatMessage } from "@parley/llm";
import { z } from "zod";
import type { FoundPrompt } from "../servers/catalog.ts";
import { bounded, wordsOfBlock } from "../servers/words.ts";

const Messages = z.looseObject({
  messages: z.array(z.looseObject({ role: z.enum(["user", "assistant"]), content: z.unknown() })),
});

/** Words of a prompt. */
export type Spoken = Pick<Extract<ChatMessage, { role: "user" | "assistant" }>, "role" | "content">;

/**
 * A prompt of a server, filled in, as the beginning of a conversation. Arguments the prompt does not declare are left
 * out; what is no text is written as JSON.
 * @throws `E_PLAN_INVALID` for an argument that is missing, `E_MCP_PROTOCOL`
 */
export async function rolePrompt(
  prompt: FoundPrompt,
  given: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<readonly Spoken[]> {
  const args: Record<string, string> = {};
  for (const { name, required } of prompt.arguments) {
    const value = given[name];
    if (value !== undefined && value !== null)
      args[name] = typeof value === "string" ? value : JSON.stringify(value);
    else if (required) {
      throw new ParleyError("E_PLAN_INVALID", `The prompt ${prompt.name} needs the argument ${name}.`);
    }
  }
  const raw = await prompt.client.getPrompt(prompt.name, args, { signal });
  const parsed = Messages.safeParse(raw);
  if (!parsed.success) {
    throw new ParleyError(
      "E_MCP_PROTOCOL",
      `The server ${prompt.server} sent a prompt that has no messages.`,
    );
  }
  return parsed.data.messages.map(({ role, content }) => ({ role, content: bounded(wordsOfBlock(content)) }));
}
