import { createRegistry } from "@parley/tool-registry";
import type { Registry, Tool } from "@parley/tool-registry";
import { services } from "./services.ts";
import type { Service } from "./services.ts";

type Properties = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const id = { type: "string", description: "Its id, as the list shows it" };
const words = (description: string) => ({ type: "string", description });

/** What the five tools of a thing take and do; arguments as such servers have them. */
const verbs: Readonly<
  Record<
    string,
    { readonly says: (thing: string, about: string, service: Service) => string; readonly takes: Properties }
  >
> = {
  list: {
    says: (thing, about, service) =>
      `Lists the ${plural(thing)} of ${service.about}: ${about}. Results come in pages, newest first; narrow them with a filter and go on with the cursor of the last answer.`,
    takes: {
      filter: words("What they must contain, in the service's own query language"),
      limit: { type: "integer", minimum: 1, maximum: 100, default: 20, description: "How many at once" },
      cursor: words("Where the last answer ended"),
      sort: { enum: ["created", "updated", "name"], description: "What they are ordered by" },
    },
  },
  get: {
    says: (thing, about) =>
      `Shows one ${thing.replaceAll("_", " ")} with all its fields (${about}). Fails with not_found when there is none of this id or you may not see it.`,
    takes: {
      id,
      include: { type: "array", items: { type: "string" }, description: "Fields to show besides" },
    },
  },
  create: {
    says: (thing, about, service) =>
      `Creates a ${thing.replaceAll("_", " ")} in ${service.about} (${about}) and returns it with its id. Nothing is created when a required field is missing.`,
    takes: {
      title: words("Its name or first line"),
      body: words("Its text or contents, in Markdown where the service takes it"),
      parent: words("What it belongs to: a repository, project, channel, folder or account"),
      assignees: { type: "array", items: { type: "string" }, description: "Who is concerned" },
      due: { type: "string", format: "date-time", description: "When it is due or takes place" },
      fields: {
        type: "object",
        additionalProperties: true,
        description: "Further fields of the service, by name; see its documentation",
      },
    },
  },
  update: {
    says: (thing, about) =>
      `Changes fields of a ${thing.replaceAll("_", " ")} (${about}); those that are left out stay as they are. Returns the whole after the change.`,
    takes: {
      id,
      title: words("Its new name or first line"),
      body: words("Its new text or contents"),
      state: { enum: ["open", "closed", "archived"], description: "Its new state" },
      fields: { type: "object", additionalProperties: true, description: "Further fields by name" },
    },
  },
  delete: {
    says: (thing, about) =>
      `Deletes a ${thing.replaceAll("_", " ")} for good (${about}). This cannot be undone; ask before you do it.`,
    takes: { id, force: { type: "boolean", default: false, description: "Even if others depend on it" } },
  },
};

const needed: Readonly<Record<string, readonly string[]>> = {
  list: [],
  get: ["id"],
  create: ["title", "parent"],
  update: ["id"],
  delete: ["id"],
};

function plural(thing: string): string {
  const said = thing.replaceAll("_", " ");
  return said.endsWith("y") ? `${said.slice(0, -1)}ies` : `${said}s`;
}

/** A server for each service, twenty tools in each: five hundred in all. */
export function catalogue(): ReadonlyMap<string, Registry> {
  return new Map(services.map((service) => [service.name, registryOf(service)]));
}

function registryOf(service: Service): Registry {
  const registry = createRegistry();
  for (const [thing, about] of Object.entries(service.things)) {
    for (const verb of Object.keys(verbs)) registry.addTool(toolOf(service, { thing, about, verb }));
  }
  return registry;
}

interface Made {
  readonly thing: string;
  readonly about: string;
  readonly verb: string;
}

/** Long enough for an answer that a model goes on with. */
const answer = JSON.stringify({
  id: "a1b2c3",
  state: "open",
  title: "As asked",
  url: "https://example.test/a1b2c3",
});

function toolOf(service: Service, { thing, about, verb }: Made): Tool {
  const kind = verbs[verb];
  return {
    name: `${verb}_${verb === "list" ? plural(thing).replaceAll(" ", "_") : thing}`,
    description: kind?.says(thing, about, service) ?? "",
    inputSchema: { type: "object", properties: kind?.takes ?? {}, required: needed[verb] ?? [] },
    annotations: { readOnlyHint: verb === "list" || verb === "get", destructiveHint: verb === "delete" },
    passThrough: true,
    call: async () => ({ content: [{ type: "text", text: answer }] }),
  };
}
