/** All that stands on the MCP SDK, in one module: whatever needs some of it loads the SDK, and soon needs the rest. */

export { NodeStreamableHTTPServerTransport, toNodeHandler } from "@modelcontextprotocol/node";
export {
  createMcpHandler,
  createRequestStateCodec,
  inputRequired,
  isSpecType,
  MissingRequiredClientCapabilityError,
  ResourceNotFoundError,
  specTypeSchemas,
} from "@modelcontextprotocol/server";
export { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
export { createdTask, missingTasks } from "@parley/mcp-tasks/sdk";
export { createProtocolServer } from "./protocol-server.ts";
export { narrowListen } from "./watchable.ts";
