import type { JsonObject, McpRequestHandlers } from "@parley/mcp-client";
import type { AskKind, ToolContext } from "@parley/tool-registry";

/** Whether a client can be asked in some way. */
export type CanAsk = ToolContext["canAsk"];

export const askKinds: readonly AskKind[] = ["form", "url", "model", "roots"];

export const anyKind: CanAsk = () => true;

/** Every request a server may make of a client. */
export const askMethods = ["elicitation/create", "sampling/createMessage", "roots/list"] as const;

/** Whether a client answers a request. */
export function answers(canAsk: CanAsk, method: keyof McpRequestHandlers): boolean {
  if (method === "elicitation/create") return canAsk("form") || canAsk("url");
  return canAsk(method === "roots/list" ? "roots" : "model");
}

/** What a client can be asked, as its server is told, and the requests it answers. */
export interface Abilities {
  readonly capabilities: JsonObject;
  readonly answered: readonly (typeof askMethods)[number][];
}

/** By the kinds a client can be asked for, one bit each: there are sixteen, and each call has one. */
const known: Abilities[] = [];

export function abilitiesOf(canAsk: CanAsk): Abilities {
  let bits = 0;
  for (let index = 0; index < askKinds.length; index += 1) {
    const kind = askKinds[index];
    if (kind !== undefined && canAsk(kind)) bits |= 1 << index;
  }
  return (known[bits] ??= {
    capabilities: capabilitiesOf(canAsk),
    answered: askMethods.filter((method) => answers(canAsk, method)),
  });
}

/**
 * What a client can be asked, in the words of the protocol.
 * @param options - `tellsRoots`: whether the server hears when the client's roots change
 */
export function capabilitiesOf(
  canAsk: CanAsk,
  { tellsRoots = false }: { readonly tellsRoots?: boolean } = {},
): JsonObject {
  const elicitation = { ...(canAsk("form") ? { form: {} } : {}), ...(canAsk("url") ? { url: {} } : {}) };
  return {
    ...(answers(canAsk, "elicitation/create") ? { elicitation } : {}),
    ...(canAsk("model") ? { sampling: {} } : {}),
    ...(canAsk("roots") ? { roots: tellsRoots ? { listChanged: true } : {} } : {}),
  };
}
