import { ParleyError } from "@parley/core";
import { createScriptedModel, limitTokens } from "@parley/llm";
import { expect, it } from "vitest";

const request = { messages: [{ role: "user", content: "Ping?" }], maxOutputTokens: 100 } as const;
const hour = 3_600_000;

it("[LLM-21] an hour's tokens are all that strangers' questions can cost", async () => {
  let now = 0;
  const model = createScriptedModel(() => ({ text: "Pong.", usage: { inputTokens: 10, outputTokens: 90 } }));
  const limited = limitTokens(model, { tokensPerHour: 250, raisedBy: "--more", now: () => now });
  expect(limited.id).toBe(model.id);
  await limited.complete(request);
  now = hour / 2;
  // Two at once: the second is not let through on the strength of what the first has not used yet.
  const both = await Promise.allSettled([limited.complete(request), limited.complete(request)]);
  expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  const [, second] = both;
  expect(second).toMatchObject({
    reason: {
      code: "E_LLM_RATE_LIMITED",
      retryable: true,
      message: `The model scripted may take 250 tokens an hour here and has no more for this question: wait or raise --more.`,
      details: { retryAfterMs: hour / 2 },
    },
  });
  expect(model.requests).toHaveLength(2);
  now = hour;
  await limited.complete(request);
});

it("[LLM-21] what was not charged is given back, what may have been is kept", async () => {
  const faults = ["E_LLM_UNREACHABLE", "E_LLM_TIMEOUT"] as const;
  for (const code of faults) {
    const model = createScriptedModel(() => Promise.reject(new ParleyError(code, "No.")));
    const limited = limitTokens(model, { tokensPerHour: 200, now: () => 0 });
    const ask = () => limited.complete(request).catch((error: unknown) => error);
    expect(await ask()).toMatchObject({ code });
    expect(await ask()).toMatchObject({ code: code === "E_LLM_TIMEOUT" ? "E_LLM_RATE_LIMITED" : code });
  }
  const silent = limitTokens(createScriptedModel(["Pong."]), { tokensPerHour: 200, now: () => 0 });
  await silent.complete(request);
  await expect(silent.complete(request)).rejects.toMatchObject({ code: "E_LLM_RATE_LIMITED" });
});
