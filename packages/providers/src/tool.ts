import { ParleyError } from "@parley/core";
import { z } from "zod";
import type { ProviderCallOptions, ProviderTool } from "./provider.ts";

/** How {@link defineProviderTool} is called: the handler's argument type is inferred from `input`. */
export interface ProviderToolOptions<Input extends z.ZodObject> {
  readonly name: string;
  readonly description: string;
  /** Default `observe`. */
  readonly kind?: ProviderTool["kind"] | undefined;
  readonly input: Input;
  handler(args: z.output<Input>, options: ProviderCallOptions): Promise<unknown>;
}

/**
 * Makes a provider tool whose handler sees only arguments that fit `input`, defaults applied.
 * @throws {@link ParleyError} `E_ARGUMENT_INVALID` from the tool's handler
 */
export function defineProviderTool<Input extends z.ZodObject>(
  options: ProviderToolOptions<Input>,
): ProviderTool {
  const { name, description, kind = "observe", input } = options;
  return {
    name,
    description,
    kind,
    input,
    async handler(args, callOptions) {
      const parsed = input.safeParse(args);
      if (!parsed.success) {
        throw new ParleyError(
          "E_ARGUMENT_INVALID",
          `Arguments of ${name} do not fit: ${z.prettifyError(parsed.error)}`,
        );
      }
      return options.handler(parsed.data, callOptions);
    },
  };
}
