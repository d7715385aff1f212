import type { RosterChange } from "@parley/gateway";

/** The line that says where it listens. */
export function announce(url: string, servers: number, host: string): string {
  const behind = servers === 1 ? "1 server" : `${servers} servers`;
  const where = host === "0.0.0.0" || host === "::" ? ", on every address of this machine" : "";
  return `${behind} at ${url}${where}; documents at ${url}/docs, MCP at ${url}/mcp`;
}

/** What a reload came to, in one line. */
export function describeChange({ added, changed, removed }: RosterChange): string {
  const parts = [
    ["added", added],
    ["changed", changed],
    ["removed", removed],
  ] as const;
  const said = parts
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `${what} ${names.join(", ")}`);
  return said.length === 0 ? "Reloaded: no server has changed." : `Reloaded: ${said.join("; ")}.`;
}
