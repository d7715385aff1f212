import { ParleyError } from "@parley/core";
import type { Dispatcher } from "undici";
import { request } from "undici";

const maxBytes = 65_536;

/** Reads a worker's `/health` as JSON, following no redirect and reading no more than 64 KiB. */
export function readHealth(dispatcher: Dispatcher): (url: string, signal: AbortSignal) => Promise<unknown> {
  return async (url, signal) => {
    const { statusCode, body } = await request(url, { dispatcher, signal });
    let text = "";
    for await (const piece of body.setEncoding("utf8")) {
      text += String(piece);
      if (text.length > maxBytes)
        throw new ParleyError("E_MCP_PROTOCOL", `${url} sent more than a health report.`);
    }
    if (statusCode !== 200) throw new ParleyError("E_MCP_UNREACHABLE", `${url} answered HTTP ${statusCode}`);
    return JSON.parse(text);
  };
}
