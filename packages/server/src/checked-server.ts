import type { JSONRPCRequest, LoggingLevel, Result, ServerContext } from "@modelcontextprotocol/server";
import { ProtocolError, ProtocolErrorCode, Server } from "@modelcontextprotocol/server";
import { z } from "zod";

type Handler = (request: JSONRPCRequest, context: ServerContext) => Promise<Result>;

/**
 * The SDK's server, but parameters that do not fit a method's schema are the caller's fault (-32602). The SDK
 * throws what its schema said as a plain error, which leaves as an internal one.
 */
export class CheckedServer extends Server {
  /** What a client of the 2025 revisions set its log to; absent as long as it has not. */
  logLevel: LoggingLevel | undefined;

  protected override _wrapHandler(method: string, handler: Handler): Handler {
    return super._wrapHandler(method, async (request, context) => {
      try {
        const result = await handler(request, context);
        if (method === "logging/setLevel") this.logLevel = levelIn(request);
        return result;
      } catch (error) {
        throw invalidParams(method, error) ?? error;
      }
    });
  }
}

/** The handler before it has refused any other word. */
function levelIn({ params }: JSONRPCRequest): LoggingLevel {
  return params?.["level"] as LoggingLevel;
}

const Issues = z.array(
  z.looseObject({ path: z.array(z.union([z.string(), z.number()])), message: z.string() }),
);

/** What a schema says arrives as the message of an error: its issues as JSON. */
function invalidParams(method: string, error: unknown): ProtocolError | undefined {
  if (!(error instanceof Error) || "code" in error || !error.message.startsWith("[")) return undefined;
  const issues = Issues.safeParse(parsed(error.message));
  if (!issues.success) return undefined;
  const shown = issues.data.slice(0, 5).map(({ path, message }) => `${path.join(".")}: ${message}`);
  const text = `Invalid ${method} request: ${shown.join("; ").slice(0, 1000)}`;
  return new ProtocolError(ProtocolErrorCode.InvalidParams, text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
