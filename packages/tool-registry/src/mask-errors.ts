import { ParleyError, newId } from "@parley/core";
import type { Prompt, Resource, Tool } from "./definitions.ts";
import type { Registry } from "./registry.ts";

/** An unexpected error that a client was not told of. */
export interface MaskedFault {
  /** The number the client was given instead. */
  readonly id: string;
  readonly kind: "tool" | "prompt" | "resource";
  /** Name, or URI of a resource. */
  readonly name: string;
  readonly error: unknown;
}

export interface MaskErrorsOptions {
  /** Told of every masked error; must not throw. */
  readonly report: (fault: MaskedFault) => void;
  /** Default a random id such as `err_7k3m9q2x4v8n`. */
  readonly id?: (() => string) | undefined;
}

/**
 * The same registry, but what is added through it keeps unexpected errors to itself: the client gets one sentence
 * with an id, `report` the error. A `ParleyError` was meant for the client and passes, as do results with `isError`.
 */
export function maskErrors(registry: Registry, options: MaskErrorsOptions): Registry {
  const mask = masker(options);
  const overrides: Partial<Registry> = {
    addTool: (tool) => registry.addTool(maskedTool(tool, mask)),
    addPrompt: (prompt) => registry.addPrompt(maskedPrompt(prompt, mask)),
    addResource: (resource) => registry.addResource(maskedResource(resource, mask)),
    replace: (origin, items) =>
      registry.replace(origin, {
        ...items,
        ...(items.tools && { tools: items.tools.map((tool) => maskedTool(tool, mask)) }),
        ...(items.prompts && { prompts: items.prompts.map((prompt) => maskedPrompt(prompt, mask)) }),
        ...(items.resources && { resources: items.resources.map((one) => maskedResource(one, mask)) }),
      }),
  };
  // The rest, lists and counters that change among it, is looked up on the registry itself.
  return Object.assign(Object.create(registry), overrides) as Registry; // the prototype is one
}

type Subject = Pick<MaskedFault, "kind" | "name">;
type Mask = <Value>(subject: Subject, work: () => Promise<Value>) => Promise<Value>;

function masker({ report, id: freshId = () => newId("err") }: MaskErrorsOptions): Mask {
  return async (subject, work) => {
    try {
      return await work();
    } catch (error) {
      const meant = ParleyError.isInstance(error) && error.code !== "E_INTERNAL";
      if (meant || (error instanceof Error && error.name === "AbortError")) throw error;
      const id = freshId();
      report({ id, ...subject, error });
      const what = `${subject.kind} "${subject.name.slice(0, 64)}"`;
      const message = `The ${what} failed unexpectedly; the server's log has the details under ${id}.`;
      throw new ParleyError("E_TOOL_FAILED", message, { details: { correlationId: id } });
    }
  };
}

function maskedTool(tool: Tool, mask: Mask): Tool {
  const { name } = tool;
  return { ...tool, call: (args, context) => mask({ kind: "tool", name }, () => tool.call(args, context)) };
}

function maskedPrompt(prompt: Prompt, mask: Mask): Prompt {
  const { name } = prompt;
  return {
    ...prompt,
    get: (args, context) => mask({ kind: "prompt", name }, () => prompt.get(args, context)),
  };
}

function maskedResource(resource: Resource, mask: Mask): Resource {
  return {
    ...resource,
    read: (uri, context) => mask({ kind: "resource", name: uri }, () => resource.read(uri, context)),
  };
}
