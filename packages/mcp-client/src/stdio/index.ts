/** Starts an MCP server as a child process and speaks to it over its standard streams. */

export { createStdioClient } from "./create-stdio-client.ts";
export type { StdioClientOptions } from "./create-stdio-client.ts";
