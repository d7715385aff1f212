import type { EventSource, Prompt, Resource, Tool } from "./definitions.ts";
import { isRecord } from "./tool-result.ts";

/** Names every MCP client and the conformance suite accept. */
export const toolNamePattern = /^[A-Za-z0-9_./-]{1,64}$/;

const nameRule = "a name is 1 to 64 letters, digits, underscores, dots, slashes or dashes";

/**
 * Says why a tool cannot be served; `undefined` when it can. A mirror drops such a tool: one bad schema in a
 * list makes strict clients refuse the whole list.
 */
export function toolProblem(tool: Tool): string | undefined {
  if (!toolNamePattern.test(tool.name)) return `${nameRule}, not ${JSON.stringify(tool.name)}`;
  if (!isRecord(tool.inputSchema) || tool.inputSchema["type"] !== "object") {
    return 'its inputSchema must say "type": "object"';
  }
  const properties = tool.inputSchema["properties"];
  if (properties !== undefined && !isRecord(properties))
    return "its inputSchema.properties must be an object";
  if (tool.outputSchema !== undefined && !isRecord(tool.outputSchema))
    return "its outputSchema must be an object";
  return undefined;
}

/** Says why a prompt cannot be served. */
export function promptProblem(prompt: Prompt): string | undefined {
  return toolNamePattern.test(prompt.name) ? undefined : `${nameRule}, not ${JSON.stringify(prompt.name)}`;
}

/** Says why a source of events cannot be served. */
export function eventsProblem(source: EventSource): string | undefined {
  if (!toolNamePattern.test(source.name)) return `${nameRule}, not ${JSON.stringify(source.name)}`;
  return isRecord(source.parameters) ? undefined : "its parameters must be a JSON Schema";
}

/** Says why a resource cannot be served. */
export function resourceProblem(resource: Resource): string | undefined {
  if (resource.name === "") return "its name is empty";
  const { uri, uriTemplate } = resource;
  if ((uri === undefined) === (uriTemplate === undefined)) return "it needs a uri or a uriTemplate, not both";
  if (uri !== undefined && !URL.canParse(uri)) return `${JSON.stringify(uri)} is no URI`;
  return undefined;
}
