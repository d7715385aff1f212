import type { Tool } from "@parley/tool-registry";
import { isRecord } from "../record.ts";

const maxSummary = 240;
const maxArguments = 12;

/** A tool in one line: often enough to call it by. */
export function toolLine(tool: Tool): string {
  const hints = hintsOf(tool);
  const said = summaryOf(tool.description ?? tool.title ?? "");
  return `${tool.name}(${argumentsOf(tool)})${hints === "" ? "" : ` [${hints}]`}${said === "" ? "" : `: ${said}`}`;
}

function argumentsOf({ inputSchema }: Tool): string {
  const { properties, required } = inputSchema;
  if (!isRecord(properties)) return "";
  const needed = new Set(Array.isArray(required) ? required : []);
  const all = Object.entries(properties)
    .toSorted(([left], [right]) => Number(needed.has(right)) - Number(needed.has(left)))
    .map(([name, schema]) => `${name}${needed.has(name) ? "" : "?"}: ${typeOf(schema)}`);
  const more = all.length - maxArguments;
  return [...all.slice(0, maxArguments), ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}

const maxChoices = 8;

function typeOf(schema: unknown): string {
  if (!isRecord(schema)) return "any";
  const { type, enum: values, items } = schema;
  if (Array.isArray(values) && values.length <= maxChoices) {
    return values.map((value) => JSON.stringify(value)).join("|");
  }
  if (type === "array") return `${typeOf(items)}[]`;
  if (typeof type === "string") return type;
  return Array.isArray(type) ? type.join("|") : "any";
}

/** What the tool's server says of its effects: shown as it was said, so that a host may ask before a call. */
function hintsOf({ annotations }: Tool): string {
  if (annotations?.readOnlyHint === true) return "says it only reads";
  return annotations?.destructiveHint === true ? "says it may destroy" : "";
}

/** The first sentence, on one line. */
function summaryOf(description: string): string {
  const line = description.replaceAll(/\s+/g, " ").trim();
  const sentence = /^.{10,}?[.!?](?= [A-Z])/.exec(line)?.[0] ?? line;
  return sentence.length > maxSummary ? `${sentence.slice(0, maxSummary - 1)}…` : sentence;
}
