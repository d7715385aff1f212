import { ParleyError } from "@parley/core";
import type { z } from "zod";
import { parseArguments } from "./arguments.ts";
import type { ResourceOptions, ResourceReturn } from "./define-resource.ts";
import type { ToolContext } from "./definitions.ts";
import { matchTemplate } from "./uri-template.ts";

/** A family of resources whose handler gets the template's variables, typed by `input`. */
export interface ResourceFamilyOptions<Input extends z.ZodObject> extends Omit<
  ResourceOptions,
  "uri" | "uriTemplate" | "handler"
> {
  readonly uriTemplate: string;
  /** Reads the variables, which arrive as strings; use `z.coerce` for numbers. */
  readonly input: Input;
  handler(
    args: z.output<Input>,
    context: ToolContext & { readonly uri: string },
  ): Promise<ResourceReturn> | ResourceReturn;
}

/** A family as plain options whose handler takes the URI. */
export function readVariables(family: ResourceFamilyOptions<z.ZodObject>): ResourceOptions {
  const { input, ...options } = family;
  const subject = `Resource "${family.name}"`;
  return {
    ...options,
    async handler(uri, context) {
      const variables = matchTemplate(family.uriTemplate, uri);
      if (variables === undefined) {
        throw new ParleyError("E_ARGUMENT_INVALID", `${subject}: ${uri} does not fit ${family.uriTemplate}.`);
      }
      return await family.handler(await parseArguments(subject, input, variables), { ...context, uri });
    },
  };
}
