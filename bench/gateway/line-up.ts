import {
  echoStdio,
  httpSubject,
  key,
  startBare,
  startEcho,
  startGateway,
  startListening,
  stdioSubject,
} from "./subject.ts";
import type { Subject } from "./subject.ts";
import type { Peers } from "./peers.ts";
import { listWire, modernWire, restWire, sessionWire } from "./wires.ts";

/** Everything that is measured, and what ends it all. */
export interface LineUp {
  readonly calls: readonly Subject[];
  readonly lists: readonly Subject[];
  close(): Promise<void>;
}

const manyTools = 500;

export async function openLineUp(peers: Peers): Promise<LineUp> {
  const old = await startEcho();
  const modern = await startEcho(["--modern"]);
  const large = await startEcho(["--modern", "--tools", String(manyTools)]);
  const gateway = await startGateway({
    stdio: echoStdio(),
    modern: echoStdio("--modern"),
    http: { type: "http", url: old.url },
    webmodern: { type: "http", url: modern.url },
  });
  const bare = await startBare();
  const bareAwake = await startBare("--awake");
  const bareHttp = await startBare(old.url);
  const lister = await startGateway({ large: { type: "http", url: large.url } });
  const ours = (name: string, path: string, more: Pick<Parameters<typeof httpSubject>[0], "wire" | "tool">) =>
    httpSubject({
      name,
      url: `${gateway.url}${path}`,
      bearer: key,
      pids: [gateway.pid],
      ...more,
    });
  const heard = `echo_${manyTools - 3}`;
  const calls = [
    await httpSubject({ name: "direct HTTP", url: old.url, wire: sessionWire, pids: [old.pid] }),
    stdioSubject("direct stdio"),
    await httpSubject({
      name: "bare node:http to stdio",
      url: bare.url,
      wire: sessionWire,
      pids: [bare.pid],
    }),
    await httpSubject({
      name: "bare node:http to stdio, awake",
      url: bareAwake.url,
      wire: sessionWire,
      pids: [bareAwake.pid],
    }),
    await httpSubject({
      name: "bare node:http to HTTP",
      url: bareHttp.url,
      wire: sessionWire,
      pids: [bareHttp.pid],
    }),
    await ours("MCP to stdio", "/mcp", { wire: sessionWire, tool: "stdio_echo" }),
    await ours("MCP to stdio, 2026 to 2026", "/mcp", { wire: modernWire, tool: "modern_echo" }),
    await ours("MCP to stdio, 2026 to 2025", "/mcp", { wire: modernWire, tool: "stdio_echo" }),
    await ours("MCP to stdio, 2025 to 2026", "/mcp", { wire: sessionWire, tool: "modern_echo" }),
    await ours("MCP to HTTP", "/mcp", { wire: sessionWire, tool: "http_echo" }),
    await ours("MCP to HTTP, 2026 to 2026", "/mcp", { wire: modernWire, tool: "webmodern_echo" }),
    await ours("REST to stdio", "/stdio/echo", { wire: restWire }),
    await ours("REST to HTTP", "/http/echo", { wire: restWire }),
    ...(await openPeers(peers, old.url)),
  ];
  const lists = [
    await httpSubject({ name: "direct", url: large.url, wire: listWire, heard, pids: [large.pid] }),
    await httpSubject({
      name: "ours",
      url: `${lister.url}/mcp`,
      wire: listWire,
      bearer: key,
      heard,
      pids: [lister.pid],
    }),
  ];
  return {
    calls,
    lists,
    async close() {
      await Promise.all([...calls, ...lists].map((subject) => subject.close()));
      await Promise.all(
        [gateway, lister, bare, bareAwake, bareHttp, old, modern, large].map((each) => each.close()),
      );
    },
  };
}

async function openPeers(
  { mcpProxy, supergateway, inspector, mcpo }: Peers,
  echoUrl: string,
): Promise<readonly Subject[]> {
  const { command, args } = echoStdio();
  const echo = [command, ...args];
  const mcp = { path: "/mcp", wire: sessionWire };
  const opened: Subject[] = [];
  const open = async (...of: Parameters<typeof startListening>): Promise<void> => {
    try {
      opened.push(await startListening(...of));
    } catch (error) {
      console.error(`${of[1].name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  if (mcpProxy !== undefined) {
    const words = (port: number) => [
      ...mcpProxy,
      "--host",
      "127.0.0.1",
      "--port",
      String(port),
      "--",
      ...echo,
    ];
    await open(words, { name: "mcp-proxy to stdio", ...mcp });
  }
  if (supergateway !== undefined) {
    const flags = ["--outputTransport", "streamableHttp", "--stateful", "--logLevel", "none"];
    const words = (port: number) => [
      ...supergateway,
      "--stdio",
      echo.map((word) => JSON.stringify(word)).join(" "),
      ...flags,
      "--port",
      String(port),
    ];
    await open(words, { name: "supergateway to stdio", ...mcp });
  }
  if (inspector !== undefined) {
    const query = new URLSearchParams({ transportType: "streamable-http", url: echoUrl });
    const words = (port: number) => [
      "/usr/bin/env",
      `PORT=${port}`,
      "HOST=127.0.0.1",
      "DANGEROUSLY_OMIT_AUTH=true",
      ...inspector,
    ];
    const path = `/mcp?${query.toString()}`;
    await open(words, { name: "Inspector's proxy to HTTP", path, wire: sessionWire });
  }
  if (mcpo !== undefined) {
    const rest = { path: "/echo", wire: restWire };
    const base = (port: number) => [...mcpo, "--host", "127.0.0.1", "--port", String(port)];
    const overHttp = ["--type", "streamable-http", "--", echoUrl];
    await open((port) => [...base(port), "--", ...echo], { name: "mcpo to stdio", ...rest });
    await open((port) => [...base(port), ...overHttp], { name: "mcpo to HTTP", ...rest });
  }
  return opened;
}
