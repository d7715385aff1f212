import { ParleyError } from "@parley/core";
import { openTls, watchTls } from "@parley/server";
import type { ClientIdentity } from "@parley/mcp-client";
import type { ParleyServer, ServerOptions, Tls, TlsFiles } from "@parley/server";
import type { Settings } from "./settings.ts";

/** What the transport settings come to. */
export interface Transport {
  readonly options: Pick<
    ServerOptions,
    | "https"
    | "baseUrl"
    | "trustProxy"
    | "sse"
    | "metrics"
    | "metricsPublic"
    | "sessionIdleMs"
    | "maxSessions"
    | "closeGraceMs"
  >;
  /** The server's certificate of the moment, for peers that ask who calls them. */
  readonly identity?: (() => ClientIdentity) | undefined;
  /** Keeps the certificate up to date until the server closes. */
  watch(server: ParleyServer): void;
}

/** Reads the certificate and opens the metrics. @throws `E_CONFIG_INVALID` naming the flag */
export async function openTransport(settings: Settings, notice: (text: string) => void): Promise<Transport> {
  const files = tlsFiles(settings);
  const tls = files === undefined ? undefined : await openTls(files);
  if (tls?.warning !== undefined) notice(tls.warning);
  const held = { tls };
  const { createMetrics } = await import("@parley/server/metrics");
  return {
    options: {
      https: tls?.https,
      baseUrl: settings.baseUrl,
      trustProxy: settings.trustProxy,
      sse: settings.transport === "sse",
      metrics: createMetrics(),
      metricsPublic: settings.metricsPublic,
      sessionIdleMs: settings.sessionIdle * 1000,
      maxSessions: settings.maxSessions,
      closeGraceMs: settings.closeGrace * 1000,
    },
    ...(tls === undefined ? {} : { identity: () => identityOf(held.tls ?? tls) }),
    watch(server) {
      if (files === undefined || tls === undefined) return;
      watch(server, { files, current: tls, notice, held });
    },
  };
}

interface Watching {
  readonly files: TlsFiles;
  readonly current: Tls;
  readonly notice: (text: string) => void;
  readonly held: { tls: Tls | undefined };
}

function identityOf({ text: { key, cert } }: Tls): ClientIdentity {
  return { key, cert };
}

function watch(server: ParleyServer, { files, current, notice, held }: Watching): void {
  const watcher = watchTls(server.app.server, {
    files,
    current,
    onReload: (tls) => {
      held.tls = tls;
      notice(tls.warning ?? `Took up the new certificate of ${files.certFile}.`);
    },
    onFault: ({ message }) => notice(`The certificate in use stays: ${message}`),
  });
  server.app.addHook("onClose", async () => watcher.close());
}

function tlsFiles({
  sslKeyfile: keyFile,
  sslCertfile: certFile,
  sslCa: caFile,
}: Settings): TlsFiles | undefined {
  if (keyFile !== undefined && certFile !== undefined) return { keyFile, certFile, caFile };
  if (keyFile === undefined && certFile === undefined && caFile === undefined) return undefined;
  const missing = keyFile === undefined ? "--ssl-keyfile" : "--ssl-certfile";
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `${missing} is missing: https needs --ssl-keyfile and --ssl-certfile together.`,
  );
}
