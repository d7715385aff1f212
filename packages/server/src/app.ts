import { ParleyError } from "@parley/core";
import Fastify, { type FastifyInstance } from "fastify";
import type { ServerOptions } from "./server.ts";

export const defaultBodyLimitBytes = 4 * 1024 * 1024;
/** A client that has not sent its whole request by then is cut off. */
const receiveTimeoutMs = 60_000;

/** The fastify app under a server. @throws `E_CONFIG_INVALID` for an unreadable proxy address */
export function createApp({
  logger,
  https,
  trustProxy = [],
  bodyLimitBytes = defaultBodyLimitBytes,
}: ServerOptions): FastifyInstance {
  const common = {
    bodyLimit: bodyLimitBytes,
    requestTimeout: receiveTimeoutMs,
    ...(trustProxy.length === 0 ? {} : { trustProxy: [...trustProxy] }),
    ...(logger === undefined ? {} : { loggerInstance: logger }),
  };
  try {
    return https === undefined ? Fastify(common) : Fastify({ ...common, https });
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
