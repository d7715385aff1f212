import type { z } from "zod";
import { jsonSchemaOf, parseArguments } from "./arguments.ts";
import { type Completer, completeBy } from "./complete.ts";
import type { ContentBlock, Icon, Prompt, ToolContext } from "./definitions.ts";
import { isRecord } from "./tool-result.ts";

/** One message of a prompt. */
export interface PromptMessage {
  readonly role: "user" | "assistant";
  readonly content: ContentBlock;
}

/** How {@link definePrompt} is called; arguments of a prompt are strings on the wire. */
export interface PromptOptions<Input extends z.ZodObject> {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description: string;
  readonly input: Input;
  readonly icons?: readonly Icon[] | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Suggests values, by argument. */
  readonly complete?: { readonly [Name in keyof z.input<Input>]?: Completer } | undefined;
  /** Returns the user's message as text, or the whole conversation. */
  handler(
    args: z.output<Input>,
    context: ToolContext,
  ): Promise<string | readonly PromptMessage[]> | string | readonly PromptMessage[];
}

/** Defines a prompt; its argument list is read from the zod object. @throws `E_TOOL_INVALID` */
export function definePrompt<Input extends z.ZodObject>(options: PromptOptions<Input>): Prompt {
  const { name, title, description, icons, tags, complete } = options;
  const subject = `Prompt "${name}"`;
  const input = options.input.strict();
  return {
    name,
    ...(title === undefined ? {} : { title }),
    description,
    arguments: promptArguments(jsonSchemaOf(subject, input, "input")),
    ...(icons === undefined ? {} : { icons }),
    ...(tags === undefined ? {} : { tags }),
    ...(complete === undefined ? {} : { complete: completeBy(complete) }),
    async get(args, context) {
      const parsed = await parseArguments(subject, input, args);
      const said = await options.handler(parsed as z.output<Input>, context);
      const messages: readonly PromptMessage[] =
        typeof said === "string" ? [{ role: "user", content: { type: "text", text: said } }] : said;
      return { description, messages };
    },
  };
}

function promptArguments(schema: Record<string, unknown>): NonNullable<Prompt["arguments"]> {
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  return Object.entries(properties).map(([name, property]) => {
    const description = isRecord(property) ? property["description"] : undefined;
    return {
      name,
      ...(typeof description === "string" ? { description } : {}),
      required: required.has(name),
    };
  });
}
