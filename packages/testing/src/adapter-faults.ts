import { toolNamePattern } from "@parley/tool-registry";
import type { JsonSchema, Prompt, Tool, ToolResult } from "@parley/tool-registry";

/** What breaks the common rules of adapters, one line each; none when all is well. */
export type Faults = readonly string[];

/** Names that some client refuses, or that two items share. */
export function nameFaults(items: readonly { readonly name: string }[]): Faults {
  const names = items.map(({ name }) => name);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  const odd = names.filter((name) => !toolNamePattern.test(name));
  return [...twice.map((name) => `${name} is there twice`), ...odd.map((name) => `${name} is no name`)];
}

/** Tools without a description, and arguments without one or without an example in it. */
export function descriptionFaults({ name, description = "", inputSchema }: Tool): Faults {
  const own = description.trim() === "" ? [`${name} has no description`] : [];
  const faults = Object.entries(recordOf(inputSchema["properties"])).flatMap(([argument, schema]) => {
    const said = recordOf(schema)["description"];
    if (typeof said !== "string" || said.trim() === "") return [`${name}.${argument} has no description`];
    return /\bfor example\b/i.test(said) ? [] : [`${name}.${argument} has no example`];
  });
  return [...own, ...faults];
}

/** Prompts, and their arguments, without a description. */
export function promptFaults({ name, description = "", arguments: given = [] }: Prompt): Faults {
  const own = description.trim() === "" ? [`${name} has no description`] : [];
  const bare = given.filter((argument) => (argument.description ?? "").trim() === "");
  return [...own, ...bare.map((argument) => `${name}.${argument.name} has no description`)];
}

const hints = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const;

/** Hints that are absent or contradict one another or the scope. */
export function annotationFaults({ name, annotations = {}, scope = "read" }: Tool): Faults {
  const { readOnlyHint, destructiveHint, idempotentHint } = annotations;
  const absent = hints
    .filter((hint) => typeof annotations[hint] !== "boolean")
    // MCP reads it only of tools that act.
    .filter((hint) => !(readOnlyHint === true && hint === "destructiveHint"));
  return [
    ...absent.map((hint) => `${name} lacks ${hint}`),
    ...(readOnlyHint && destructiveHint ? [`${name} only reads and destroys`] : []),
    ...(readOnlyHint && idempotentHint === false ? [`${name} only reads and is not idempotent`] : []),
    ...(readOnlyHint !== true && scope === "read" ? [`${name} acts and asks for the scope read alone`] : []),
  ];
}

/** A destructive tool without `confirm`, one of another kind, or one that insists on it. */
export function confirmFaults({ name, annotations, inputSchema }: Tool): Faults {
  if (annotations?.destructiveHint !== true) return [];
  const confirm = recordOf(inputSchema["properties"])["confirm"];
  if (confirm === undefined) return [`${name} destroys and takes no confirm`];
  const { required } = inputSchema;
  const insists = Array.isArray(required) && required.includes("confirm");
  return [
    ...(recordOf(confirm)["type"] === "boolean" ? [] : [`${name}.confirm is no boolean`]),
    ...(insists ? [`${name}.confirm must be given before it can be asked for`] : []),
  ];
}

/** A tool that promises no shape although it is not among those that answer text alone, or does although it is. */
export function outputFaults({ name, outputSchema }: Tool, plain: readonly string[]): Faults {
  if (plain.includes(name)) {
    return outputSchema === undefined ? [] : [`${name} is said to answer text alone`];
  }
  if (outputSchema === undefined) return [`${name} has no output schema`];
  return outputSchema["type"] === "object" ? [] : [`${name} answers something other than an object`];
}

/** Longest result a model can be given, in characters of JSON. */
const maxResult = 400_000;

/** What is wrong with an answer: no text, a text that only repeats the JSON, too much of it. */
export function resultFaults(name: string, result: ToolResult): Faults {
  const { content, structuredContent } = result;
  const text = content.map((block) => block["text"]).filter((each) => typeof each === "string");
  const repeats = structuredContent !== undefined && sameJson(text.join(""), structuredContent);
  const length = JSON.stringify(result).length;
  return [
    ...(text.join("").trim() === "" ? [`${name} answers no text`] : []),
    ...(repeats ? [`${name} answers JSON where a reader wants words`] : []),
    ...(length > maxResult ? [`${name} answers ${length} characters`] : []),
  ];
}

/** Secrets that an answer holds, by their place in the list: the fault must not repeat them. */
export function secretFaults(name: string, result: ToolResult, secrets: readonly string[]): Faults {
  const said = JSON.stringify(result);
  return secrets.flatMap((secret, at) =>
    said.includes(JSON.stringify(secret).slice(1, -1)) ? [`${name} tells secret ${at}`] : [],
  );
}

function sameJson(text: string, value: unknown): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(value);
  } catch {
    return false;
  }
}

function recordOf(value: unknown): JsonSchema {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
