import { createRecordingModel, createReplayModel, createScriptedModel } from "@parley/llm";
import { type AiBackend, createAiModel } from "@parley/llm/ai";
import { describeChatModel } from "@parley/testing";
import { describe } from "vitest";
import { options, provider, silent } from "./_wire.ts";

describe("[ORC-01] every model keeps one contract", () => {
  describeChatModel("scripted", {
    says: async (reply) => createScriptedModel(() => reply),
    hangs: async () => createScriptedModel(() => new Promise<string>(() => {})),
  });

  describeChatModel("replayed", {
    async says(reply, request) {
      const recorded = createRecordingModel(createScriptedModel(() => reply));
      await recorded.complete(request);
      return createReplayModel(recorded.recording());
    },
  });

  const backends: readonly AiBackend[] = ["openai", "gemini", "anthropic"];
  for (const backend of backends) {
    describeChatModel(`of the AI SDK, ${backend}`, {
      says: async (reply) => createAiModel(options(backend, provider(backend, reply).fetch)),
      hangs: async () => createAiModel(options(backend, silent)),
    });
  }
});
