import { isInputRequiredResult } from "@modelcontextprotocol/server";
import { ParleyError } from "@parley/core";
import type { ToolResult } from "@parley/tool-registry";
import type { FastifyReply } from "fastify";
import type { Calls } from "./calls.ts";
import { stopOnDisconnect } from "./disconnect.ts";

/** Calls tools for plain HTTP routes, whose callers cannot be asked anything. */
export function routeCalls(
  calls: Pick<Calls, "run">,
): (reply: FastifyReply, name: string, args: unknown) => Promise<ToolResult> {
  return async (reply, name, args) => {
    const { caller } = reply.request;
    const stop = stopOnDisconnect(reply);
    const round = { era: "2025", capabilities: undefined } as const;
    const result = await calls.run({ name, args, caller, round, stop });
    if (!isInputRequiredResult(result)) return result;
    throw new ParleyError(
      "E_INPUT_UNSUPPORTED",
      `Tool "${name}" asks its caller, which a plain route cannot.`,
    );
  };
}
