import { resolveOptions } from "@parley/cli";
import type { Io } from "@parley/cli";
import { ParleyError } from "@parley/core";
import { createGateway } from "@parley/gateway";
import type { Gateway, GatewayDependencies, GatewayServer, SafetyOptions } from "@parley/gateway";
import { serveOptions } from "./options.ts";
import { findServers } from "./servers.ts";
import { readSettings } from "./settings.ts";
import { version } from "./version.ts";

/** The servers of a command that does not serve. */
export interface OpenRequest {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly upstream: readonly string[] | undefined;
  readonly safety?: SafetyOptions | undefined;
  readonly onAuthorize?: GatewayDependencies["onAuthorize"];
  /** Takes those it needs, and says what is wrong when they are not there. */
  readonly pick: (servers: readonly GatewayServer[]) => readonly GatewayServer[];
}

/** Works with a gateway to some servers that nobody else reaches, and ends them after it. */
export async function withServers<Value>(
  { flags, upstream, pick, safety, onAuthorize }: OpenRequest,
  io: Io,
  work: (gateway: Gateway) => Promise<Value>,
): Promise<Value> {
  const settings = await readSettings(flags, io);
  const { values } = resolveOptions(serveOptions, { flags, env: io.env });
  const found = await findServers({ ...values, upstream }, settings.environment);
  const gateway = createGateway(
    { servers: pick(found.servers), timeoutMs: values.timeout * 1000, network: found.network },
    {
      safety,
      version,
      env: settings.environment,
      ca: settings.ca,
      tokenDirectory: settings.tokens,
      startTimeoutMs: values.startTimeout * 1000,
      onAuthorize: onAuthorize ?? ((server, url) => io.err(`${server} asks for access; open ${url.href}`)),
    },
  );
  const stop = (): void => void gateway.close();
  io.signal.addEventListener("abort", stop, { once: true });
  try {
    return await work(gateway);
  } finally {
    io.signal.removeEventListener("abort", stop);
    await gateway.close();
    io.endSoon?.();
  }
}

/** @throws `E_OBJECT_UNKNOWN` naming those there are */
export function pickServers(
  servers: readonly GatewayServer[],
  wanted: readonly string[],
): readonly GatewayServer[] {
  if (wanted.length === 0) return servers;
  return wanted.map((name) => {
    const found = servers.find((server) => server.name === name);
    if (found !== undefined) return found;
    const names = servers.map((server) => server.name).join(", ");
    throw new ParleyError(
      "E_OBJECT_UNKNOWN",
      `There is no server named ${JSON.stringify(name)}; there are ${names}.`,
    );
  });
}
