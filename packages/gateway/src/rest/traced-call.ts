import type { FastifyRequest } from "fastify";
import { inTraceOf, traced } from "@parley/server";
import type { ToolResult } from "@parley/tool-registry";
import type { ToolAddress } from "./find-tool.ts";

/** Runs a call of a tool inside a span, in the trace that the request's headers name; the server gets it in `_meta`. */
export function tracedCall(
  { headers }: Pick<FastifyRequest, "headers">,
  { server, tool }: ToolAddress,
  work: () => Promise<ToolResult>,
): Promise<ToolResult> {
  return inTraceOf(headers, () =>
    traced({ method: "tools/call", target: `${server}.${tool}` }, work, ({ isError }) =>
      isError === true ? "tool_error" : undefined,
    ),
  );
}
