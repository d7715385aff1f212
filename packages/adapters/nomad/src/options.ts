import type { Dispatcher } from "undici";
import type { ConfigStore } from "./config-store.ts";

/** How the adapter calls the network: the part of `fetch` in use. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
  readonly redirect: "error";
  readonly dispatcher?: Dispatcher;
}

/** What a {@link Fetch} answers. */
export interface FetchAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** A `fetch`; undici's fits. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchAnswer>;

/** Files are read with every call, so renewed certificates are picked up. */
export interface TlsOptions {
  /** PEM file of the authority; default `NOMAD_CACERT`. */
  readonly caFile?: string | undefined;
  /** Folder of PEM files of authorities; default `NOMAD_CAPATH`. */
  readonly caPath?: string | undefined;
  /** PEM file of the client's certificate; default `NOMAD_CLIENT_CERT`. */
  readonly certFile?: string | undefined;
  /** PEM file of the client's key; default `NOMAD_CLIENT_KEY`. */
  readonly keyFile?: string | undefined;
  /** Name the server's certificate must have; default `NOMAD_TLS_SERVER_NAME`, else the address's host. */
  readonly serverName?: string | undefined;
  /** Accepts any certificate; default `NOMAD_SKIP_VERIFY`. */
  readonly skipVerify?: boolean | undefined;
}

/** Where Nomad is and how to speak to it. What is absent comes from `env` when a call is made. */
export interface NomadOptions {
  /** `http://`, `https://` or `unix:///path`; default `NOMAD_ADDR`, else `http://127.0.0.1:4646`. */
  readonly address?: string | undefined;
  /** ACL token, or a function asked for it with every request; default `NOMAD_TOKEN`. */
  readonly token?: string | (() => string | undefined) | undefined;
  /** `user:password` of a proxy before Nomad; default `NOMAD_HTTP_AUTH`. */
  readonly httpAuth?: string | undefined;
  /** Default `NOMAD_REGION`, else the agent's own. */
  readonly region?: string | undefined;
  /** Default `NOMAD_NAMESPACE`, else `default`. */
  readonly namespace?: string | undefined;
  readonly tls?: TlsOptions | undefined;
  /** Per request, except log follow and waits, which carry their own. Default 30 000. */
  readonly timeoutMs?: number | undefined;
  /** Largest answer read, in bytes. Default 16 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Job configs and repositories; default the folder `NOMAD_CONFIG_DIR`. */
  readonly configs?: ConfigStore | undefined;
  /** Whether `read_variable` may show values; default false, keys only. */
  readonly allowVariableReads?: boolean | undefined;
  /** Default undici's fetch. */
  readonly fetch?: Fetch | undefined;
  /** Default `process.env`, read with every call. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Resolves after `ms`, rejects when the signal aborts; default a timer. */
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}
