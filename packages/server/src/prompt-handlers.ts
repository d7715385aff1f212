import type { GetPromptResult, ListPromptsResult } from "@modelcontextprotocol/server";
import { ParleyError } from "@parley/core";
import type { Prompt } from "@parley/tool-registry";
import { callFrame, type Handling } from "./handler-context.ts";
import { asProtocol, refuseCursor } from "./protocol-errors.ts";
import type { Shared } from "./shared.ts";

// The registry's prompts have the protocol's shapes, held as open records: each `as` below adopts one.
export function handlePrompts(shared: Shared, handling: Handling): void {
  const { server } = handling;
  server.setRequestHandler("prompts/list", ({ params }) => {
    refuseCursor(params?.cursor);
    return { prompts: shared.lists().prompts } as unknown as ListPromptsResult;
  });
  server.setRequestHandler("prompts/get", ({ params }, context) =>
    asProtocol(async () => {
      const { name, arguments: args = {} } = params;
      const found = await shared.calls.perform(
        { ...callFrame(context, handling), name, args },
        {
          kind: "prompt",
          run: async (running) => await findPrompt(shared, name).get(args, running),
          late: (error) => {
            throw error;
          },
        },
      );
      return found as unknown as GetPromptResult;
    }),
  );
}

/** @throws `E_OBJECT_UNKNOWN` */
export function findPrompt({ registry }: Shared, wanted: string): Prompt {
  const prompt = registry.prompts.find(({ name }) => name === wanted);
  if (prompt !== undefined) return prompt;
  throw new ParleyError(
    "E_OBJECT_UNKNOWN",
    `There is no prompt named ${JSON.stringify(wanted.slice(0, 64))}.`,
  );
}
