import { ParleyError } from "@parley/core";
import type { ChatRequest } from "./port.ts";

/** The most characters of a conversation; a longer one is a mistake that would cost money. */
const maxRequestCharacters = 4_000_000;
export const defaultMaxOutputTokens = 4096;
export const defaultTimeoutMs = 60_000;

/** Refuses what no provider could answer, before anything is sent. @throws `E_ARGUMENT_INVALID` */
export function checkRequest(model: string, request: ChatRequest): void {
  const refuse = (why: string): never => {
    throw new ParleyError("E_ARGUMENT_INVALID", `The model ${model} was not asked: ${why}.`);
  };
  const { messages, maxOutputTokens = defaultMaxOutputTokens, temperature = 0, tools = [] } = request;
  const last = messages.at(-1);
  if (last === undefined) refuse("the conversation is empty");
  if (last?.role === "assistant") refuse("the conversation ends with the model's own words");
  if (!Number.isInteger(maxOutputTokens) || maxOutputTokens < 1) refuse("maxOutputTokens must be 1 or more");
  if (!(temperature >= 0 && temperature <= 2)) refuse("temperature must be between 0 and 2");
  const size = messages.reduce((sum, { content }) => sum + content.length, request.system?.length ?? 0);
  if (size > maxRequestCharacters) refuse(`${size} characters exceed the limit of ${maxRequestCharacters}`);
  const names = new Set(tools.map(({ name }) => name));
  if (names.size !== tools.length) refuse("two of its tools have one name");
}
