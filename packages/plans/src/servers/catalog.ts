import { ParleyError } from "@parley/core";
import type { McpClient } from "@parley/mcp-client";
import { readRemoteTool } from "@parley/tool-registry";
import type { RemoteTool } from "@parley/tool-registry";
import { z } from "zod";

/** What a plan needs of an MCP server; a client of `@parley/mcp-client` is one. */
export type PlanServer = Pick<
  McpClient,
  "listTools" | "listPrompts" | "listResources" | "callTool" | "getPrompt" | "readResource"
>;

export type PlanServers = Readonly<Record<string, PlanServer>>;

/** A tool and the server that has it. */
export interface FoundTool {
  readonly server: string;
  readonly client: PlanServer;
  readonly tool: RemoteTool;
  /** By its own account it changes nothing, or nothing more when it is called again. */
  readonly repeatable: boolean;
}

/** A prompt and the server that has it. */
export interface FoundPrompt {
  readonly server: string;
  readonly client: PlanServer;
  readonly name: string;
  readonly description?: string | undefined;
  readonly arguments: readonly { readonly name: string; readonly required: boolean }[];
}

/** What several servers offer together. */
export interface Catalog {
  readonly servers: PlanServers;
  readonly tools: readonly FoundTool[];
  readonly prompts: readonly FoundPrompt[];
  /** @throws `E_TOOL_UNKNOWN` when none, or several, have it */
  tool(name: string, server?: string): FoundTool;
  /** @throws `E_TOOL_UNKNOWN` when none, or several, have it */
  prompt(name: string, server?: string): FoundPrompt;
}

const Prompt = z.looseObject({
  name: z.string().min(1).max(256),
  description: z.string().optional().catch(undefined),
  arguments: z
    .array(z.looseObject({ name: z.string(), required: z.boolean().default(false) }))
    .optional()
    .catch(undefined),
});

/** Asks the servers what they have. @throws `E_MCP_UNREACHABLE` and the like */
export async function openCatalog(
  servers: PlanServers,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Catalog> {
  const found = await Promise.all(
    Object.entries(servers).map(async ([server, client]) => {
      const [tools, prompts] = await Promise.all([
        client.listTools({ signal }),
        client.listPrompts({ signal }),
      ]);
      return {
        tools: tools.flatMap((raw) => toolOf(server, client, raw)),
        prompts: prompts.flatMap((raw) => promptOf(server, client, raw)),
      };
    }),
  );
  const tools = found.flatMap((one) => one.tools);
  const prompts = found.flatMap((one) => one.prompts);
  return {
    servers,
    tools,
    prompts,
    tool: (name, server) =>
      choose("tool", { name, server, servers, all: tools.map((one) => ({ ...one, name: one.tool.name })) }),
    prompt: (name, server) => choose("prompt", { name, server, servers, all: prompts }),
  };
}

/** A tool by its name, or by `server/tool`. @throws `E_TOOL_UNKNOWN` */
export function toolNamed(catalog: Catalog, name: string): FoundTool {
  const cut = name.indexOf("/");
  const server = cut > 0 ? name.slice(0, cut) : "";
  if (!Object.hasOwn(catalog.servers, server)) return catalog.tool(name);
  return catalog.tool(name.slice(cut + 1), server);
}

function toolOf(
  server: string,
  client: PlanServer,
  raw: Readonly<Record<string, unknown>>,
): readonly FoundTool[] {
  const tool = readRemoteTool(raw);
  if (tool === undefined) return [];
  const { readOnlyHint, idempotentHint } = tool.annotations ?? {};
  return [{ server, client, tool, repeatable: readOnlyHint === true || idempotentHint === true }];
}

function promptOf(
  server: string,
  client: PlanServer,
  raw: Readonly<Record<string, unknown>>,
): readonly FoundPrompt[] {
  const { data } = Prompt.safeParse(raw);
  if (data === undefined) return [];
  const { name, description, arguments: args = [] } = data;
  return [{ server, client, name, description, arguments: args }];
}

interface Choice<Item> {
  readonly name: string;
  readonly server: string | undefined;
  readonly servers: PlanServers;
  readonly all: readonly (Item & { readonly name: string; readonly server: string })[];
}

const refuse = (why: string): never => {
  throw new ParleyError("E_TOOL_UNKNOWN", why);
};

function choose<Item>(kind: string, { name, server, servers, all }: Choice<Item>): Item {
  if (Object.keys(servers).length === 0) {
    const example = `--server ${server === undefined ? "" : `${server}=`}http://127.0.0.1:8089/mcp`;
    return refuse(`no server is given that could have a ${kind} "${name}": name one, as in ${example}`);
  }
  if (server !== undefined && !Object.hasOwn(servers, server)) {
    return refuse(`there is no server "${server}"; there is ${Object.keys(servers).join(", ")}`);
  }
  const there = server === undefined ? all : all.filter((item) => item.server === server);
  const [found, other] = there.filter((item) => item.name === name);
  const where = server === undefined ? "no server has" : `the server "${server}" has no`;
  if (found === undefined) {
    const names = there.map((item) => item.name).slice(0, 20);
    const what = server === undefined ? `a ${kind} "${name}"` : `${kind} "${name}"`;
    return refuse(`${where} ${what}; there is ${names.join(", ") || "none"}`);
  }
  if (other !== undefined) {
    return refuse(
      `"${found.server}" and "${other.server}" both have a ${kind} "${name}": say which under server`,
    );
  }
  return found;
}
