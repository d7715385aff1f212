import { el } from "./dom.ts";
import { schemaForm } from "./form.ts";
import type { SchemaForm } from "./form.ts";
import { isOpen, objects, text } from "./json.ts";
import type { Open } from "./json.ts";
import { tagsOf } from "./tags.ts";
import { jsonTree } from "./tree.ts";
import { tryIt } from "./try-it.ts";
import { expand, variablesOf } from "./uri-template.ts";

/** Everything about one tool, with a form to call it. */
export function toolDetail(tool: Open): HTMLElement {
  const { inputSchema, outputSchema } = tool;
  const name = text(tool["name"]) ?? "";
  return el(
    "article",
    {},
    ...headOf(tool, name),
    tryIt({
      form: schemaForm(inputSchema),
      verb: "Call tool",
      request: (args) => ({ method: "tools/call", params: { name, arguments: args }, inputSchema }),
    }),
    schemaView("Input schema", inputSchema),
    schemaView("Output schema", outputSchema),
  );
}

export function promptDetail(prompt: Open): HTMLElement {
  const name = text(prompt["name"]) ?? "";
  const given = objects(prompt["arguments"]);
  const properties = given.map((argument) => [
    text(argument["name"]) ?? "",
    { type: "string", title: argument["title"], description: argument["description"] },
  ]);
  const required = given.flatMap((argument) => (argument["required"] === true ? [argument["name"]] : []));
  const form = schemaForm({ type: "object", properties: Object.fromEntries(properties), required });
  return el(
    "article",
    {},
    ...headOf(prompt, name),
    tryIt({
      form,
      verb: "Get prompt",
      request: (args) => ({ method: "prompts/get", params: { name, arguments: args } }),
    }),
  );
}

/** A resource, or a template with a field for each of its variables. */
export function resourceDetail(resource: Open): HTMLElement {
  const uri = text(resource["uri"]);
  const template = text(resource["uriTemplate"]) ?? "";
  const form = uri === undefined ? templateForm(template) : schemaForm({});
  return el(
    "article",
    {},
    ...headOf(resource, text(resource["name"]) ?? uri ?? template),
    el("p", { class: "code address" }, uri ?? template),
    tryIt({
      form,
      verb: "Read resource",
      request: (args) => ({ method: "resources/read", params: { uri: uri ?? expand(template, args) } }),
    }),
  );
}

function templateForm(template: string): SchemaForm {
  const variables = variablesOf(template);
  const properties = variables.map(({ name }) => [name, { type: "string" }]);
  const required = variables.flatMap(({ name, optional }) => (optional ? [] : [name]));
  return schemaForm({ type: "object", properties: Object.fromEntries(properties), required });
}

function headOf(item: Open, name: string): readonly HTMLElement[] {
  const title = text(item["title"]);
  const tags = tagsOf(item).map((tag) => el("li", {}, tag));
  return [
    el("h2", { tabindex: -1 }, title ?? name),
    ...(title === undefined ? [] : [el("p", { class: "code" }, name)]),
    el("p", { class: "description" }, text(item["description"]) ?? ""),
    ...(tags.length === 0 ? [] : [el("ul", { class: "tags", "aria-label": "Tags" }, ...tags)]),
  ];
}

function schemaView(title: string, schema: unknown): HTMLElement | undefined {
  if (!isOpen(schema)) return undefined;
  return el("details", { class: "raw" }, el("summary", {}, title), jsonTree(schema));
}
