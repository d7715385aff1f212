import type { EventSource, Prompt, Resource, Tool } from "./definitions.ts";

type Listed = Readonly<Record<string, unknown>>;

/** A tool as `tools/list` shows it. */
export function listTool(tool: Tool): Listed {
  const { name, title, description, inputSchema, outputSchema, annotations, icons, _meta } = tool;
  return known({ name, title, description, inputSchema, outputSchema, annotations, icons, _meta });
}

/** A prompt as `prompts/list` shows it. */
export function listPrompt(prompt: Prompt): Listed {
  const { name, title, description, arguments: args, icons, _meta } = prompt;
  return known({ name, title, description, arguments: args, icons, _meta });
}

/** A resource as `resources/list` or `resources/templates/list` shows it. */
export function listResource(resource: Resource): Listed {
  const { name, uri, uriTemplate, title, description, mimeType, size, annotations, icons, _meta } = resource;
  return known({ name, uri, uriTemplate, title, description, mimeType, size, annotations, icons, _meta });
}

/** A source of events as `list_event_streams` shows it. */
export function listEvents(source: EventSource): Listed {
  const { name: provider, description = "", parameters, capabilities = [] } = source;
  return { provider, description, parameters, capabilities };
}

function known(fields: Record<string, unknown>): Listed {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
