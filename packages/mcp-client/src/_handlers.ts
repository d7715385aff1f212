import { RpcFault } from "./_link.ts";
import { isObject } from "./_messages.ts";
import type { McpNotification, McpRequestContext, McpRequestHandlers } from "./inbound.ts";
import type { JsonObject } from "./json.ts";

/** The capability each handler declares. */
const declared = {
  "elicitation/create": { elicitation: { form: {} } },
  "sampling/createMessage": { sampling: {} },
  "roots/list": { roots: { listChanged: true } },
} as const;

const names = ["elicitation/create", "sampling/createMessage", "roots/list"] as const;

/** What handlers can do, in the words of a handshake. */
export function capabilitiesOf(handlers: McpRequestHandlers | undefined, extra: JsonObject = {}): JsonObject {
  const own = names.filter((name) => handlers?.[name] !== undefined).map((name) => declared[name]);
  return { ...Object.assign({}, ...own), ...extra };
}

/** Fills in the defaults of a form's schema where an answer left a field out (SEP-1034). */
function withDefaults(schema: unknown, content: JsonObject): JsonObject {
  const properties = isObject(schema) && isObject(schema["properties"]) ? schema["properties"] : {};
  const defaults = Object.entries(properties).flatMap(([name, property]) =>
    isObject(property) && Object.hasOwn(property, "default") ? [[name, property["default"]]] : [],
  );
  return { ...Object.fromEntries(defaults), ...content };
}

function complete(params: JsonObject, result: JsonObject): JsonObject {
  if (result["action"] !== "accept" || params["mode"] === "url") return result;
  const content = isObject(result["content"]) ? result["content"] : {};
  return { ...result, content: withDefaults(params["requestedSchema"], content) };
}

/**
 * Asks the handler of a method.
 * @throws {@link RpcFault} when there is none.
 */
export async function runHandler(
  handlers: McpRequestHandlers,
  { method, params }: McpNotification,
  context: McpRequestContext,
): Promise<JsonObject> {
  const name = names.find((known) => known === method);
  const handler = name && handlers[name];
  if (!handler) throw new RpcFault(-32_601, `This client does not answer ${method.slice(0, 100)}.`);
  const result = await handler(params, context);
  return name === "elicitation/create" ? complete(params, result) : result;
}
