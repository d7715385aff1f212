import { ParleyError } from "@parley/core";
import type { Registry, Tool, ToolResult } from "@parley/tool-registry";
import { isRecord } from "../record.ts";
import { toolLine } from "./signature.ts";
import type { ToolIndex } from "./tool-index.ts";

/** What the three tools stand on. */
export interface Searching {
  /** The tools that are searched and called. */
  readonly catalogue: Registry;
  /** Made anew when they have changed. */
  readonly index: () => ToolIndex;
}

export const searchInstructions =
  "The tools of this server are found by search. Search with search_tools, call what was found with call_tool, and ask describe_tool for a tool's whole schema only where its line does not say enough.";

const origin = "tool search";
const defaultLimit = 5;

/** Three tools in place of all. */
export function searchTools(searching: Searching): readonly Tool[] {
  return [searchTool(searching), describeTool(searching), callTool(searching)];
}

function searchTool({ catalogue, index }: Searching): Tool {
  return {
    name: "search_tools",
    description: `Finds tools by what they do, best first: each with its arguments and a sentence. ${summary(catalogue)}`,
    inputSchema: {
      type: "object",
      properties: {
        query: {
          type: "string",
          minLength: 1,
          description: "What is to be done, and on what; add a server's name to find its own",
          examples: ["create an issue on github"],
        },
        limit: {
          type: "integer",
          minimum: 1,
          maximum: 20,
          default: defaultLimit,
          description: "How many to show",
          examples: [5],
        },
      },
      required: ["query"],
      additionalProperties: false,
    },
    annotations: { title: "Search tools", readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    origin,
    async call({ query, limit }) {
      const found = index().search(String(query), typeof limit === "number" ? limit : defaultLimit);
      if (found.length > 0) return text(found.map(toolLine).join("\n"));
      return text(`Nothing fits; use other words. ${summary(catalogue)}`);
    },
  };
}

function describeTool({ catalogue, index }: Searching): Tool {
  return {
    name: "describe_tool",
    description: "Shows one tool whole: its description, the schemas of its arguments and result, its hints.",
    inputSchema: {
      type: "object",
      properties: { name: nameArgument },
      required: ["name"],
      additionalProperties: false,
    },
    annotations: { title: "Describe a tool", readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    origin,
    async call({ name }) {
      const found = find(catalogue, index, name);
      const { title, description, inputSchema, outputSchema, annotations } = found;
      return text(
        JSON.stringify({ name: found.name, title, description, inputSchema, outputSchema, annotations }),
      );
    },
  };
}

function callTool({ catalogue, index }: Searching): Tool {
  return {
    name: "call_tool",
    description: "Calls a tool that search_tools found, and answers as it does.",
    inputSchema: {
      type: "object",
      properties: {
        name: nameArgument,
        arguments: {
          type: "object",
          description: "The tool's own arguments",
          examples: [{ owner: "octo", repo: "demo", title: "It is broken" }],
        },
      },
      required: ["name"],
      additionalProperties: false,
    },
    // It may be any of them: nothing gentler can be promised.
    annotations: {
      title: "Call a tool",
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: false,
      openWorldHint: true,
    },
    origin,
    async call({ name, arguments: args }, context) {
      const found = find(catalogue, index, name);
      return await catalogue.call(found.name, isRecord(args) ? args : {}, context);
    },
  };
}

const nameArgument = {
  type: "string",
  description: "The tool's name as search_tools shows it",
  examples: ["github_create_issue"],
} as const;

/** @throws `E_TOOL_UNKNOWN` naming what is like it */
function find(catalogue: Registry, index: Searching["index"], name: unknown): Tool {
  const wanted = String(name);
  const found = catalogue.tool(wanted);
  if (found !== undefined) return found;
  const like = index()
    .search(wanted, 3)
    .map((tool) => tool.name)
    .join(", ");
  const shown = JSON.stringify(wanted.slice(0, 64));
  throw new ParleyError(
    "E_TOOL_UNKNOWN",
    `There is no tool ${shown}; ${like === "" ? "find one with search_tools" : `like it are ${like}`}.`,
  );
}

const maxServers = 40;

/** How many tools there are, and whose. */
function summary({ tools }: Registry): string {
  const servers = [...new Set(tools.flatMap(({ tags }) => tags ?? []))];
  const more = servers.length > maxServers ? ` and ${servers.length - maxServers} more` : "";
  const whose = servers.length === 0 ? "" : ` of ${servers.slice(0, maxServers).join(", ")}${more}`;
  return `There are ${tools.length} tools${whose}.`;
}

function text(said: string): ToolResult {
  return { content: [{ type: "text", text: said }] };
}
