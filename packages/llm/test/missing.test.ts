import { expect, it } from "vitest";
import { loadModel } from "../src/ai/load.ts";

const connection = { model: "m", apiKey: "not-a-real-key", fetch };

/** As Node says that a package is not there. */
const absent = async (): Promise<never> => {
  throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
};

it.each([
  ["openai", "@ai-sdk/openai-compatible"],
  ["gemini", "@ai-sdk/google"],
  ["anthropic", "@ai-sdk/anthropic"],
] as const)(
  "[PLN-57] without its packages the backend %s says how they are installed",
  async (backend, name) => {
    const expected = {
      code: "E_LLM_DRIVER",
      message: `The model backend ${backend} is not installed: run npm install ai@6 ${name}.`,
    };
    await expect(loadModel(backend, connection, { importSdk: absent })).rejects.toMatchObject(expected);
    await expect(loadModel(backend, connection, { open: absent })).rejects.toMatchObject(expected);
  },
);

it("[PLN-57] a package that is there and breaks is not said to be missing", async () => {
  const broken = async (): Promise<never> => {
    throw new TypeError("x is not a function");
  };
  await expect(loadModel("openai", connection, { open: broken })).rejects.toThrow("x is not a function");
});
