import { ParleyError } from "@parley/core";
import { type Prompt, definePrompt } from "@parley/tool-registry";
import type { z } from "zod";

/** Says a tool's name as it is served. */
type NameTool = (name: string) => string;

/** How {@link persona} is called. */
export interface PersonaOptions<Input extends z.ZodObject> {
  readonly name: string;
  readonly description: string;
  readonly input: Input;
  /** Tools the text speaks of: it is served where all of them are. */
  readonly needs: readonly string[];
  /** The user's message. */
  say(args: z.output<Input>, tool: NameTool): string;
}

/** A prompt and the tools it speaks of. */
export interface PersonaEntry {
  readonly name: string;
  readonly needs: readonly string[];
  toPrompt(prefix?: string): Prompt;
}

/** A prompt: a function that answers its text, with its definition beside it. */
export interface Persona<Input extends z.ZodObject> {
  (args: z.input<Input>): Promise<string>;
  readonly entry: PersonaEntry;
  /** The prompt of this name, for a server that loads it alone. */
  toPrompt(): Prompt;
}

/** Defines a prompt once, for the function and the server. */
export function persona<Input extends z.ZodObject>(options: PersonaOptions<Input>): Persona<Input> {
  const { name, description, input, needs } = options;
  const direct = async (args: z.input<Input>): Promise<string> => {
    const parsed = await input.safeParseAsync(args);
    if (parsed.success) return options.say(parsed.data, (tool) => tool);
    const [issue] = parsed.error.issues;
    const said = issue === undefined ? "" : [...issue.path, issue.message].join(" ");
    throw new ParleyError("E_ARGUMENT_INVALID", `${name} cannot take these arguments: ${said}`);
  };
  const toPrompt = (prefix = ""): Prompt =>
    definePrompt({
      name: prefix + name,
      description,
      input,
      handler: (args) => options.say(args, (tool) => prefix + tool),
    });
  return Object.assign(direct, { entry: { name, needs, toPrompt }, toPrompt: () => toPrompt() });
}
