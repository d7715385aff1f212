import { ParleyError } from "@parley/core";

/** The url of an MCP server to be authorized for. */
export function readServer(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      "The url to authorize for cannot be read: write https://HOST/mcp.",
    );
  }
  url.hash = "";
  return url;
}
