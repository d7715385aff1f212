import { text } from "node:stream/consumers";
import type { Io } from "@parley/cli";
import { ParleyError } from "@parley/core";
import type { Gateway, GatewayServer } from "@parley/gateway";
import { pickServers, withServers } from "../open-servers.ts";

export interface CallRequest {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly upstream: readonly string[] | undefined;
  /** `server.tool`. */
  readonly tool: string;
  readonly args: string | undefined;
}

/** Prints what the tool answered: text as it is, with `--json` the whole result. @throws what the call fails with */
export async function call({ flags, upstream, tool, args }: CallRequest, io: Io): Promise<void> {
  const body = await readArguments(args);
  const address: { server?: string; tool: string } = { tool };
  const pick = (servers: readonly GatewayServer[]): readonly GatewayServer[] => {
    const [only] = servers;
    const owner = servers.find(({ name }) => tool.startsWith(`${name}.`));
    address.server = owner?.name ?? only?.name ?? "";
    if (owner !== undefined) address.tool = tool.slice(owner.name.length + 1);
    if (owner === undefined && servers.length > 1) return pickServers(servers, [tool.split(".")[0] ?? tool]);
    return servers.filter(({ name }) => name === address.server);
  };
  const result = await withServers({ flags, upstream, pick }, io, (gateway) =>
    gateway.call({ server: address.server ?? "", tool: address.tool, args: body, signal: io.signal }),
  );
  if (flags["json"] === true) io.out(JSON.stringify(result, undefined, 2));
  else for (const block of result.content) io.out(printed(block));
  if (result.isError === true) throw new ParleyError("E_TOOL_FAILED", `The tool ${tool} ran and failed.`);
}

async function readArguments(given: string | undefined): Promise<Readonly<Record<string, unknown>>> {
  const found = given === "-" ? await text(process.stdin) : (given ?? "{}");
  try {
    const args: unknown = JSON.parse(found);
    if (typeof args === "object" && args !== null && !Array.isArray(args)) return { ...args };
  } catch {
    // Said below, for both.
  }
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `The arguments are no JSON object; write such as '{"timezone": "UTC"}'.`,
  );
}

type Block = Awaited<ReturnType<Gateway["call"]>>["content"][number];

function printed(block: Block): string {
  const { type } = block;
  if (type === "text") return String(block["text"]).replaceAll(/[^\P{Cc}\n\t]+/gu, " ");
  return JSON.stringify(block);
}
