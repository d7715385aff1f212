import { ResourceNotFoundError, UriTemplate } from "@modelcontextprotocol/server";
import { matchTemplate } from "@parley/tool-registry";
import type { Resource } from "@parley/tool-registry";

interface FoundResource {
  readonly resource: Resource;
  readonly variables: Readonly<Record<string, string | string[]>>;
}

/** One resource goes before a family that would match too. @throws a not-found error that carries the URI */
export function findResource(resources: readonly Resource[], uri: string): FoundResource {
  const found = lookUpResource(resources, uri);
  if (found === undefined) throw new ResourceNotFoundError(uri);
  return found;
}

/** As {@link findResource}, with nothing for what is not there. */
export function lookUpResource(resources: readonly Resource[], uri: string): FoundResource | undefined {
  const exact = resources.find((resource) => resource.uri === uri);
  if (exact !== undefined) return { resource: exact, variables: {} };
  for (const resource of resources) {
    const variables = match(resource, uri);
    if (variables !== undefined) return { resource, variables };
  }
  return undefined;
}

const templates = new WeakMap<Resource, UriTemplate>();

/** `{name}`, `{+path}` and a last `{?first,second}`, whose parameters may be missing and come in any order. */
const simple = /^(?:[^{}]|\{\+?[\w.-]+\})*(?:\{\?[\w.,-]+\})?$/;

function match(resource: Resource, uri: string): FoundResource["variables"] | undefined {
  if (resource.uriTemplate === undefined) return undefined;
  if (simple.test(resource.uriTemplate)) return given(matchTemplate(resource.uriTemplate, uri));
  try {
    const template = templates.get(resource) ?? new UriTemplate(resource.uriTemplate);
    templates.set(resource, template);
    return template.match(uri) ?? undefined;
  } catch {
    // A template or URI beyond the matcher's bounds matches nothing.
    return undefined;
  }
}

function given(
  variables: Readonly<Record<string, string | undefined>> | undefined,
): Readonly<Record<string, string>> | undefined {
  if (variables === undefined) return undefined;
  const entries = Object.entries(variables).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}
