import { text } from "node:stream/consumers";
import type { Io } from "@parley/cli";
import { ParleyError } from "@parley/core";
import type { Gateway, GatewayServer } from "@parley/gateway";
import { argumentsFor, readWords } from "../call-arguments.ts";
import { pickServers, withServers } from "../open-servers.ts";

export interface CallRequest {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly upstream: readonly string[] | undefined;
  /** `server.tool`. */
  readonly tool: string;
  readonly words: readonly string[];
  /** Reads standard input. */
  readonly readInput?: (() => Promise<string>) | undefined;
}

/** Prints what the tool answered: text as it is, with `--json` the whole result. @throws what the call fails with */
export async function call(request: CallRequest, io: Io): Promise<void> {
  const { flags, upstream, tool, words, readInput = () => text(process.stdin) } = request;
  const given = await readWords(words, readInput);
  const address = { server: "", tool };
  const pick = (servers: readonly GatewayServer[]): readonly GatewayServer[] => {
    const found = ownerOf(servers, tool);
    Object.assign(address, found);
    return servers.filter(({ name }) => name === found.server);
  };
  const result = await withServers({ flags, upstream, pick }, io, async (gateway) => {
    const { server, tool: name } = address;
    await settled(gateway, io.signal);
    const schema = gateway.tools(server).find((offered) => offered.name === name)?.inputSchema;
    const args = argumentsFor(given, schema);
    return await gateway.call({ server, tool: name, args, signal: io.signal, onProgress: telling(io) });
  });
  if (flags["json"] === true) io.out(JSON.stringify(result, undefined, 2));
  else print(result, io);
  if (result.isError === true) throw new ParleyError("E_TOOL_FAILED", `The tool ${tool} ran and failed.`);
}

/** The server a name begins with; the only one where it begins with none. */
function ownerOf(servers: readonly GatewayServer[], tool: string): { server: string; tool: string } {
  const owner = servers
    .filter(({ name }) => tool.startsWith(`${name}.`))
    .toSorted((left, right) => right.name.length - left.name.length)[0];
  if (owner !== undefined) return { server: owner.name, tool: tool.slice(owner.name.length + 1) };
  const [only, ...others] = servers;
  if (others.length > 0) pickServers(servers, [tool.split(".")[0] ?? tool]);
  if (others.length > 0) {
    throw new ParleyError(
      "E_TOOL_UNKNOWN",
      `${tool} names a server alone: write ${tool}.TOOL; see mcpo list ${tool} --tools.`,
    );
  }
  return { server: only?.name ?? "", tool };
}

/** A server that has been tried tells its tools' schemas; a silent one is waited for by the call itself. */
async function settled(gateway: Gateway, signal: AbortSignal): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    setTimeout(resolve, patienceMs).unref();
  });
  await Promise.race([gateway.settled, stopped]);
}

const patienceMs = 60_000;
const quietMs = 500;

type Report = NonNullable<Parameters<Gateway["call"]>[0]["onProgress"]>;

/** Says what a server reports, at most twice a second. */
function telling(io: Io): Report {
  let last = -quietMs;
  return (progress, total, message) => {
    const now = performance.now();
    if (now - last < quietMs) return;
    last = now;
    const size = total === undefined ? String(progress) : `${progress} of ${total}`;
    io.err(plain([size, ...(message === undefined ? [] : [message])].join(": ")));
  };
}

type Result = Awaited<ReturnType<Gateway["call"]>>;

function print({ content, structuredContent }: Result, io: Io): void {
  for (const block of content) io.out(printed(block));
  if (content.length === 0 && structuredContent !== undefined) {
    io.out(JSON.stringify(structuredContent, undefined, 2));
  }
}

function printed(block: Result["content"][number]): string {
  const { type, data, mimeType } = block;
  if (type === "text") return plain(String(block["text"]));
  if ((type === "image" || type === "audio") && typeof data === "string") {
    return plain(
      `[${type}, ${String(mimeType)}, ${Math.floor((data.length * 3) / 4)} bytes; --json prints it]`,
    );
  }
  return plain(JSON.stringify(block));
}

/** What a server says is untrusted: no control character of it reaches a terminal. */
function plain(said: string): string {
  return said.replaceAll(/[^\P{Cc}\n\t]+/gu, " ");
}
