import { toParleyError } from "@parley/core";
import pLimit from "p-limit";
import type { GatewayServer } from "../config/gateway-config.ts";
import { createLastWords } from "./last-words.ts";
import { openClient } from "./open-client.ts";
import type { ClientSurroundings } from "./open-client.ts";

/** How the first start of a program went. */
export interface Warmed {
  readonly name: string;
  /** `skipped` for servers that are disabled or run elsewhere. */
  readonly state: "ready" | "failed" | "skipped";
  /** Why it is not ready, in one sentence. */
  readonly reason?: string | undefined;
  readonly tools: number;
  /** From its start to its list of tools. */
  readonly elapsedMs: number;
}

/** How {@link warmServers} is called. */
export interface WarmOptions extends ClientSurroundings {
  /** Programs started at once (default 4). */
  readonly concurrency?: number | undefined;
  /** Ends those that run, and starts no more. */
  readonly signal?: AbortSignal | undefined;
  readonly onStart?: ((server: GatewayServer) => void) | undefined;
  readonly onEnd?: ((warmed: Warmed) => void) | undefined;
  /** Milliseconds of a clock that only rises. */
  readonly now?: (() => number) | undefined;
}

/**
 * Starts each program once and ends it when it has listed its tools, so that what it downloads is there before a gateway
 * needs it. Never throws: what went wrong is in the answers, in the order of the servers.
 */
export async function warmServers(
  servers: readonly GatewayServer[],
  options: WarmOptions,
): Promise<readonly Warmed[]> {
  const limit = pLimit(options.concurrency ?? 4);
  return await Promise.all(
    servers.map(async (server): Promise<Warmed> => {
      const reason = reasonToSkip(server);
      if (reason === undefined) return await limit(() => warmServer(server, options));
      return { name: server.name, state: "skipped", reason, tools: 0, elapsedMs: 0 };
    }),
  );
}

function reasonToSkip({ enabled, connection }: GatewayServer): string | undefined {
  if (!enabled) return "It is disabled by its entry.";
  return connection.kind === "stdio" ? undefined : "It runs elsewhere.";
}

async function warmServer(server: GatewayServer, options: WarmOptions): Promise<Warmed> {
  const { signal, now = () => performance.now() } = options;
  const words = createLastWords(server, options);
  const startedAt = now();
  const finish = (rest: Pick<Warmed, "state" | "reason" | "tools">): Warmed => {
    const warmed = { name: server.name, ...rest, elapsedMs: Math.round(now() - startedAt) };
    options.onEnd?.(warmed);
    return warmed;
  };
  options.onStart?.(server);
  const client = openClient(server, words.surroundings, {});
  try {
    const { length } = await client.listTools({ signal });
    return finish({ state: "ready", tools: length });
  } catch (thrown) {
    const { message, code } = toParleyError(thrown);
    const reason = words.explain({ state: "unreachable", reason: message, code });
    return finish({ state: "failed", reason, tools: 0 });
  } finally {
    await client.close();
  }
}
