import { ParleyError } from "@parley/core";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyServerOptions } from "fastify";
import type { ServerOptions } from "./server.ts";

export const defaultBodyLimitBytes = 4 * 1024 * 1024;
/** A client that has not sent its whole request by then is cut off. */
const defaultReceiveMs = 60_000;

/** Zod is the schema language of the routes (`installSchemas`); without this fastify sets up two other compilers first. */
export const withoutCompilers: NonNullable<FastifyServerOptions["schemaController"]> = {
  compilersFactory: { buildValidator: neverCompile, buildSerializer: neverCompile },
};

function neverCompile(): never {
  throw new Error("A route was added before the app's schema language was set.");
}

/** The fastify app under a server. @throws `E_CONFIG_INVALID` for an unreadable proxy address */
export function createApp({
  logger,
  https,
  trustProxy = [],
  bodyLimitBytes = defaultBodyLimitBytes,
  receiveTimeoutMs = defaultReceiveMs,
  path = "/mcp",
}: ServerOptions): FastifyInstance {
  const common = {
    bodyLimit: bodyLimitBytes,
    schemaController: withoutCompilers,
    requestTimeout: receiveTimeoutMs,
    // Names of servers and addresses of resources stand in paths percent-encoded, up to nine signs for one.
    routerOptions: { maxParamLength: 4096 },
    rewriteUrl: ({ url = "/" }) => withoutSlash(url, path),
    ...(trustProxy.length === 0 ? {} : { trustProxy: [...trustProxy] }),
    ...(logger === undefined ? {} : logging(logger)),
  };
  // Node.js compares with all three, looking for late requests at that interval.
  const late = {
    requestTimeout: receiveTimeoutMs,
    headersTimeout: receiveTimeoutMs,
    connectionsCheckingInterval: Math.min(30_000, receiveTimeoutMs),
  };
  try {
    return https === undefined
      ? Fastify({ ...common, http: late })
      : Fastify({ ...common, https: { ...late, ...https } });
  } catch (cause) {
    if (trustProxy.length === 0) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ParleyError(
      "E_CONFIG_INVALID",
      `--trust-proxy: ${why}; write addresses, CIDRs such as 10.0.0.0/8, or loopback.`,
      { cause },
    );
  }
}

/** MCP endpoints are often written with a slash at the end, since some frameworks serve them so. */
function withoutSlash(url: string, path: string): string {
  const end = url.indexOf("?");
  const at = end === -1 ? url : url.slice(0, end);
  if (!at.endsWith("/") || (!at.endsWith("/mcp/") && at !== `${path}/`)) return url;
  return `${at.slice(0, -1)}${url.slice(at.length)}`;
}

/** Whether each request is logged; otherwise faults alone are. */
export function logsRequests(logger: FastifyBaseLogger | undefined): boolean {
  return logger !== undefined && ["info", "debug", "trace"].includes(logger.level);
}

type LoggingOptions = Pick<FastifyServerOptions, "childLoggerFactory"> & {
  readonly loggerInstance: FastifyBaseLogger;
};

/** A logger for each request costs more than a call, and is made only where requests are logged. */
function logging(logger: FastifyBaseLogger): LoggingOptions {
  if (logsRequests(logger)) return { loggerInstance: logger };
  return { loggerInstance: logger, childLoggerFactory: (parent) => parent };
}
