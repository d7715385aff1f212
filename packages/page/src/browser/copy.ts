import { button } from "./dom.ts";
import { endpoint, frame } from "./mcp.ts";
import type { McpRequest } from "./mcp.ts";

/** Buttons that put the request on the clipboard; the token is never part of it. */
export function copyButtons(
  request: () => McpRequest | undefined,
  say: (message: string) => void,
): readonly HTMLElement[] {
  const copy = (what: string, form: (request: McpRequest) => string): void => {
    const current = request();
    if (current === undefined) return;
    navigator.clipboard.writeText(form(current)).then(
      () => say(`Copied as ${what}.`),
      () => say("The browser did not allow to copy."),
    );
  };
  return [
    button("Copy as curl", () => copy("curl", curlOf), { class: "plain" }),
    button("Copy as MCP JSON", () => copy("MCP JSON", jsonOf), { class: "plain" }),
  ];
}

function jsonOf(request: McpRequest): string {
  return JSON.stringify(frame(request).body, undefined, 2);
}

/** Where a shell has the token. */
const variable =
  document.querySelector<HTMLMetaElement>('meta[name="token-variable"]')?.content ?? "MCPSERVER_TOKEN";

/** For a POSIX shell. */
function curlOf(request: McpRequest): string {
  const { headers, body } = frame(request);
  const lines = Object.entries(headers).map(([name, value]) => `  -H ${quote(`${name}: ${value}`)}`);
  return [
    `curl -sS ${quote(endpoint().href)}`,
    `  -H "authorization: Bearer $${variable}"`,
    ...lines,
    `  --data-raw ${quote(JSON.stringify(body))}`,
  ].join(" \\\n");
}

function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
