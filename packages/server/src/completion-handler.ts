import type { Handling } from "./handler-context.ts";
import { findPrompt } from "./prompt-handlers.ts";
import { asProtocol } from "./protocol-errors.ts";
import { ParleyError } from "@parley/core";
import type { Prompt, Resource, Suggestions } from "@parley/tool-registry";
import type { Shared } from "./shared.ts";

/** Most suggestions one answer may hold (MCP, completion). */
const maxValues = 100;

/** Suggests values for arguments of prompts and variables of resource templates. */
export function handleCompletions(shared: Shared, { server }: Handling): void {
  server.setRequestHandler("completion/complete", ({ params }) =>
    asProtocol(async () => {
      const { ref, argument, context } = params;
      const subject: Prompt | Resource =
        ref.type === "ref/prompt" ? findPrompt(shared, ref.name) : findTemplate(shared, ref.uri);
      const filled = context?.arguments ?? {};
      return {
        completion: inBounds((await subject.complete?.(argument.name, argument.value, filled)) ?? []),
      };
    }),
  );
}

function inBounds(found: readonly string[] | Suggestions) {
  const suggestions: Suggestions = "length" in found ? { values: found, total: found.length } : found;
  const { values, total, hasMore = false } = suggestions;
  return {
    values: values.slice(0, maxValues),
    ...(total === undefined ? {} : { total }),
    hasMore: hasMore || values.length > maxValues,
  };
}

function findTemplate({ registry }: Shared, wanted: string): Resource {
  const resource = registry.resources.find(({ uri, uriTemplate }) => (uriTemplate ?? uri) === wanted);
  if (resource !== undefined) return resource;
  const shown = JSON.stringify(wanted.slice(0, 200));
  throw new ParleyError("E_OBJECT_UNKNOWN", `There is no resource template ${shown}.`);
}
