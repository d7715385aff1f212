import { ParleyError } from "@parley/core";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Agent, fetch as undiciFetch } from "undici";
import type { Fetch, FetchAnswer, FetchInit, TlsOptions } from "./options.ts";
import type { Settings } from "./settings.ts";

/** Sends requests over the connection the settings ask for, kept between calls. */
export interface Transport {
  send(settings: Settings, url: string, init: FetchInit): Promise<FetchAnswer>;
  close(): Promise<void>;
}

/** A transport over `fetch`; one agent is kept while certificates and socket stay the same. */
export function createTransport(given?: Fetch): Transport {
  let kept: { key: string; agent: Agent } | undefined;
  return {
    async send(settings, url, init) {
      if (given !== undefined) return given(url, init);
      const connect = await readConnection(settings);
      const key = JSON.stringify(connect);
      if (kept?.key !== key) {
        void kept?.agent.close();
        kept = { key, agent: new Agent({ connect }) };
      }
      return undiciFetch(url, { ...init, dispatcher: kept.agent });
    },
    async close() {
      const agent = kept?.agent;
      kept = undefined;
      await agent?.close();
    },
  };
}

interface Connection {
  readonly minVersion: "TLSv1.2";
  socketPath?: string;
  ca?: string[];
  cert?: string;
  key?: string;
  servername?: string;
  rejectUnauthorized?: boolean;
}

async function readConnection({ socketPath, tls }: Settings): Promise<Connection> {
  const connection: Connection = { minVersion: "TLSv1.2" };
  if (socketPath !== undefined) connection.socketPath = socketPath;
  const authorities = await readAuthorities(tls);
  if (authorities.length > 0) connection.ca = authorities;
  if ((tls.certFile === undefined) !== (tls.keyFile === undefined)) {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      "A client certificate needs its key: set both NOMAD_CLIENT_CERT and NOMAD_CLIENT_KEY.",
    );
  }
  if (tls.certFile !== undefined) connection.cert = await readPem("NOMAD_CLIENT_CERT", tls.certFile);
  if (tls.keyFile !== undefined) connection.key = await readPem("NOMAD_CLIENT_KEY", tls.keyFile);
  if (tls.serverName !== undefined) connection.servername = tls.serverName;
  if (tls.skipVerify === true) connection.rejectUnauthorized = false;
  return connection;
}

async function readAuthorities({ caFile, caPath }: TlsOptions): Promise<string[]> {
  const authorities = caFile === undefined ? [] : [await readPem("NOMAD_CACERT", caFile)];
  if (caPath === undefined) return authorities;
  const names = await readdir(caPath).catch((cause: unknown) => unreadable("NOMAD_CAPATH", caPath, cause));
  for (const name of names.toSorted()) {
    if (/\.(pem|crt|cer)$/.test(name)) authorities.push(await readPem("NOMAD_CAPATH", join(caPath, name)));
  }
  return authorities;
}

async function readPem(variable: string, path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: unknown) => unreadable(variable, path, cause));
}

function unreadable(variable: string, path: string, cause: unknown): never {
  throw new ParleyError("E_CONFIG_INVALID", `Cannot read ${path}, which ${variable} names.`, { cause });
}
