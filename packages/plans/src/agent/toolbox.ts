import { namespacedTool, ParleyError } from "@parley/core";
import type { ChatTool } from "@parley/llm";
import type { JsonObject } from "@parley/mcp-client";
import { callTool } from "../servers/call-tool.ts";
import type { CallResult, CallToolOptions } from "../servers/call-tool.ts";
import { toolNamed } from "../servers/catalog.ts";
import type { Catalog, FoundTool } from "../servers/catalog.ts";
import { ownTools } from "./own-tools.ts";
import type { Asker } from "./own-tools.ts";

/** A tool as a model may use it. */
export interface AgentTool {
  readonly chat: ChatTool;
  readonly server?: string | undefined;
  /** Whether it may be called again when nobody knows whether it was. */
  readonly repeatable: boolean;
  /** Absent for tools that are no server's. */
  readonly found?: FoundTool | undefined;
  call(args: JsonObject, options: CallToolOptions): Promise<CallResult>;
}

/** Options of {@link createToolbox}. */
export interface ToolboxOptions {
  readonly catalog: Catalog;
  /** Names of tools, `server/tool` where two servers have one of a name; absent: all; false: none. */
  readonly tools?: readonly string[] | false | undefined;
  readonly ask?: Asker | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The tools of a conversation, by the names the model knows them by. @throws `E_TOOL_UNKNOWN` for a name nobody has */
export async function createToolbox(options: ToolboxOptions): Promise<ReadonlyMap<string, AgentTool>> {
  const { catalog, tools, ask } = options;
  const toolbox = new Map<string, AgentTool>();
  const chosen = tools === false ? [] : chosenTools(catalog, tools);
  const several = counted(chosen.map(({ tool }) => tool.name));
  for (const found of chosen) {
    const name =
      (several.get(found.tool.name) ?? 0) > 1
        ? namespacedTool(found.server, found.tool.name)
        : found.tool.name;
    toolbox.set(name, remoteTool(name, found));
  }
  const own = await ownTools({ catalog, ask, reading: tools !== false, signal: options.signal });
  for (const tool of own) if (!toolbox.has(tool.chat.name)) toolbox.set(tool.chat.name, tool);
  return toolbox;
}

function chosenTools(catalog: Catalog, names: readonly string[] | undefined): readonly FoundTool[] {
  if (names === undefined) return catalog.tools;
  return names.map((name) => {
    try {
      return toolNamed(catalog, name);
    } catch (error) {
      if (!ParleyError.isInstance(error)) throw error;
      throw new ParleyError("E_TOOL_UNKNOWN", `The agent cannot have the tool ${name}: ${error.message}.`, {
        cause: error,
      });
    }
  });
}

function counted(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function remoteTool(name: string, found: FoundTool): AgentTool {
  const { description, inputSchema } = found.tool;
  return {
    chat: { name, description, inputSchema },
    server: found.server,
    repeatable: found.repeatable,
    found,
    async call(args, options) {
      try {
        return await callTool(found, args, options);
      } catch (error) {
        // What the server said about the arguments is for the model to mend.
        if (!ParleyError.isInstance(error) || error.code !== "E_MCP_PROTOCOL") throw error;
        if (error.details["rpcCode"] === undefined) throw error;
        return { text: error.message, isError: true };
      }
    },
  };
}
