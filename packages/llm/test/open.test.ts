import { openModel } from "@parley/llm/open";
import { expect, it } from "vitest";

it("[LLM-20] a model that cannot be asked says what is missing, and one that can says nothing", async () => {
  const missing = await openModel({ llmBackend: "anthropic", llmModel: "m" }, { env: {} });
  expect(await missing.problem()).toMatchObject({
    code: "E_LLM_KEY",
    message: "The model anthropic:m needs a key; set ANTHROPIC_API_KEY.",
  });
  const there = await openModel({ llmBackend: "openai", llmModel: "m" }, { env: { OPENAI_API_KEY: "k" } });
  expect(await there.problem()).toBeUndefined();
  const none = await openModel({ llmBackend: "openai" }, { env: {} });
  expect([none.model, await none.problem()]).toEqual([undefined, undefined]);
});
