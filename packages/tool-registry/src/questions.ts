import type { z } from "zod";
import type { ContentBlock, JsonSchema } from "./definitions.ts";
import { formSchema } from "./form-schema.ts";
import { isRecord } from "./tool-result.ts";

/** Ways a client can be asked: its user by a form or a web page, its model, its list of roots. */
export type AskKind = "form" | "url" | "model" | "roots";

/**
 * A question to the client: what goes over the wire, and how its answer is read.
 * Made by {@link ask}; `read` yields `undefined` for an answer that does not fit, and the question is asked again.
 */
export interface Question<Answer> {
  readonly kind: AskKind;
  readonly method: "elicitation/create" | "sampling/createMessage" | "roots/list";
  readonly params: Readonly<Record<string, unknown>>;
  read(raw: unknown): Answer | undefined;
}

/** Questions by the keys their answers come back under. */
export type Questions = Readonly<Record<string, Question<unknown>>>;

/** Answers by the keys of their questions. */
export type Answers<Asked extends Questions> = {
  readonly [Key in keyof Asked]: Asked[Key] extends Question<infer Answer> ? Answer : never;
};

/** What the user did with a form: `content` is there when it was accepted, and fits the schema. */
export type FormAnswer<Content> =
  | { readonly action: "accept"; readonly content: Content }
  | { readonly action: "decline" | "cancel"; readonly content?: undefined };

/** What the user did with a link; accepting it says nothing of what was done on the page. */
export interface UrlAnswer {
  readonly action: "accept" | "decline" | "cancel";
}

/** A form for the user: a flat zod object, or a JSON Schema of the restricted kind MCP elicitation knows. */
export interface FormQuestion<Schema extends z.ZodObject | JsonSchema> {
  readonly message: string;
  readonly schema: Schema;
}

/** The content of a form's answer. */
export type FormContent<Schema> = Schema extends z.ZodObject
  ? z.output<Schema>
  : Readonly<Record<string, unknown>>;

/** One message of a conversation with the client's model. */
export interface SampleMessage {
  readonly role: "user" | "assistant";
  readonly content: ContentBlock;
}

/** A request to the client's model. */
export interface SampleQuestion {
  /** One user message, or the conversation so far. */
  readonly prompt: string | readonly SampleMessage[];
  /** Default 1000. */
  readonly maxTokens?: number | undefined;
  readonly systemPrompt?: string | undefined;
  readonly temperature?: number | undefined;
  readonly stopSequences?: readonly string[] | undefined;
  /** Hints and priorities (0 to 1) for the client's choice of a model, as the protocol has them. */
  readonly modelPreferences?: Readonly<Record<string, unknown>> | undefined;
}

/** What the client's model said. It is untrusted text. */
export interface Sample {
  /** The text blocks of the answer, joined. */
  readonly text: string;
  readonly content: readonly ContentBlock[];
  readonly model?: string | undefined;
  readonly stopReason?: string | undefined;
}

/** A folder or file the client works on. */
export interface Root {
  readonly uri: string;
  readonly name?: string | undefined;
}

/** Makes the questions that {@link ToolContext.input} asks. */
export const ask = {
  /** A form. @throws `E_TOOL_INVALID` for a zod object that is not flat */
  form<Schema extends z.ZodObject | JsonSchema>(
    question: FormQuestion<Schema>,
  ): Question<FormAnswer<FormContent<Schema>>> {
    const { message, schema } = question;
    const zod = isZodObject(schema) ? schema : undefined;
    const requestedSchema = zod === undefined ? schema : formSchema(zod);
    return {
      kind: "form",
      method: "elicitation/create",
      params: { mode: "form", message, requestedSchema },
      read(raw) {
        const answer = readAction(raw);
        if (answer?.action !== "accept") return answer;
        const content = isRecord(raw) ? (raw["content"] ?? {}) : {};
        const parsed = zod?.safeParse(content) ?? { success: isRecord(content), data: content };
        // `parsed.data` is the zod output, or the open record of a raw schema: what FormContent says.
        return parsed.success ? { action: "accept", content: parsed.data as FormContent<Schema> } : undefined;
      },
    };
  },
  /** A page to open in the user's browser, for secrets and payments that must not pass through the client. */
  url(question: { readonly message: string; readonly url: string }): Question<UrlAnswer> {
    const { message, url } = question;
    return {
      kind: "url",
      method: "elicitation/create",
      params: { mode: "url", message, url },
      read: readAction,
    };
  },
  /** The client's model. The protocol has deprecated sampling: call a model yourself where you can. */
  model(question: SampleQuestion): Question<Sample> {
    const { prompt, maxTokens = 1000, ...rest } = question;
    const messages =
      typeof prompt === "string" ? [{ role: "user", content: { type: "text", text: prompt } }] : prompt;
    const known = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    return {
      kind: "model",
      method: "sampling/createMessage",
      params: { messages, maxTokens, ...known },
      read: readSample,
    };
  },
  /** The folders the client works on. */
  roots(): Question<readonly Root[]> {
    return { kind: "roots", method: "roots/list", params: {}, read: readRoots };
  },
} as const;

function isZodObject(schema: z.ZodObject | JsonSchema): schema is z.ZodObject {
  return "safeParse" in schema && typeof schema["safeParse"] === "function";
}

/** An answer without its content: all there is to one that was not accepted. */
function readAction(
  raw: unknown,
): { readonly action: "decline" | "cancel" } | { action: "accept" } | undefined {
  const action = isRecord(raw) ? raw["action"] : undefined;
  return action === "accept" || action === "decline" || action === "cancel" ? { action } : undefined;
}

function readSample(raw: unknown): Sample | undefined {
  if (!isRecord(raw)) return undefined;
  const { content: said, model, stopReason } = raw;
  const content = (Array.isArray(said) ? said : [said]).filter(isBlock);
  if (content.length === 0) return undefined;
  const text = content.flatMap((block) => (typeof block["text"] === "string" ? [block["text"]] : []));
  return {
    text: text.join("\n"),
    content,
    ...(typeof model === "string" ? { model } : {}),
    ...(typeof stopReason === "string" ? { stopReason } : {}),
  };
}

function readRoots(raw: unknown): readonly Root[] | undefined {
  if (!isRecord(raw) || !Array.isArray(raw["roots"])) return undefined;
  return raw["roots"].flatMap((root: unknown) => {
    if (!isRecord(root) || typeof root["uri"] !== "string") return [];
    const { uri, name } = root;
    return [{ uri, ...(typeof name === "string" ? { name } : {}) }];
  });
}

function isBlock(value: unknown): value is ContentBlock {
  return isRecord(value) && typeof value["type"] === "string";
}
