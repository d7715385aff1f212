import { jsonHeaders, modernRequest } from "../mcp-request.ts";
import { openHttpCaller } from "./http-caller.ts";
import type { HttpRequest } from "./http-caller.ts";

/** Stands for the text of one call, by which its answer is known again. */
const said = "text-%ID%";
/** Seven digits, so that every body has the same length. */
const idTemplate = "%ID%";

/** Learns how one endpoint is called: a handshake where its era has one. */
export type Wire = (url: URL, tool: string, bearer: string | undefined) => Promise<HttpRequest>;

const authorised = (bearer: string | undefined): Record<string, string> =>
  bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };

/** A POST with the arguments as its body. */
export const restWire: Wire = async (url, _tool, bearer) => ({
  path: url.pathname,
  headers: { "content-type": "application/json", ...authorised(bearer) },
  body: JSON.stringify({ text: said }),
});

/** A call of the 2026-07-28 revision. */
export const modernWire: Wire = async (url, tool, bearer) => {
  const { headers, body } = modernRequest("tools/call", { name: tool, arguments: { text: said } });
  return { path: url.pathname, headers: { ...headers, ...authorised(bearer) }, body };
};

/** `tools/list` of the same revision. */
export const listWire: Wire = async (url, _tool, bearer) => {
  const { headers, body } = modernRequest("tools/list");
  return { path: url.pathname, headers: { ...headers, ...authorised(bearer) }, body };
};

const version = "2025-06-18";

const pathOf = ({ pathname, search }: URL): string => `${pathname}${search}`;

/** A call in a session of the 2025 revisions. */
export const sessionWire: Wire = async (url, tool, bearer) => {
  const headers = { ...jsonHeaders, ...authorised(bearer) };
  const params = {
    protocolVersion: version,
    capabilities: {},
    clientInfo: { name: "bench", version: "0.0.0" },
  };
  const send = async (message: object, more: Readonly<Record<string, string>>) => {
    const caller = await openHttpCaller(url);
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    const reply = await caller.call({ path: pathOf(url), headers: { ...headers, ...more }, body }, "");
    caller.close();
    if (reply.status >= 300)
      throw new Error(`${url.href}: HTTP ${reply.status}: ${reply.body.slice(0, 300)}`);
    return reply;
  };
  const { head } = await send({ id: 1, method: "initialize", params }, {});
  const id = /\r\nmcp-session-id: *([^\r\n]+)/i.exec(head)?.[1];
  const session = {
    "mcp-protocol-version": version,
    ...(id === undefined ? {} : { "mcp-session-id": id }),
  };
  await send({ method: "notifications/initialized" }, session);
  const call = {
    jsonrpc: "2.0",
    id: idTemplate,
    method: "tools/call",
    params: { name: tool, arguments: { text: said } },
  };
  return { path: pathOf(url), headers: { ...headers, ...session }, body: JSON.stringify(call) };
};
