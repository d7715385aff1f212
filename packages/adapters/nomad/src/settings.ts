import { ParleyError } from "@parley/core";
import type { NomadOptions, TlsOptions } from "./options.ts";

/** The options of one call, with the environment applied. */
export interface Settings {
  /** Origin and path prefix, without a trailing slash. */
  readonly baseUrl: string;
  readonly socketPath?: string | undefined;
  readonly token?: string | undefined;
  readonly httpAuth?: string | undefined;
  readonly region?: string | undefined;
  readonly namespace: string;
  readonly tls: TlsOptions;
}

const truths: Readonly<Record<string, boolean>> = {
  "1": true,
  t: true,
  true: true,
  "0": false,
  f: false,
  false: false,
};

type Variable = (name: string) => string | undefined;

/** Reads options, then `NOMAD_*`. An empty variable counts as unset. @throws `E_CONFIG_INVALID` */
export function readSettings(options: NomadOptions): Settings {
  const variable = readVariables(options);
  const token = typeof options.token === "function" ? options.token() : options.token;
  return {
    ...readAddress(options.address ?? variable("NOMAD_ADDR") ?? "http://127.0.0.1:4646"),
    token: checkHeader("NOMAD_TOKEN", token ?? variable("NOMAD_TOKEN")),
    httpAuth: options.httpAuth ?? variable("NOMAD_HTTP_AUTH"),
    region: options.region ?? variable("NOMAD_REGION"),
    namespace: readNamespace(options),
    tls: readTls(options.tls ?? {}, variable),
  };
}

/** The namespace of calls that name none. */
export function readNamespace(options: NomadOptions): string {
  return options.namespace ?? readVariables(options)("NOMAD_NAMESPACE") ?? "default";
}

function readVariables({ env = process.env }: NomadOptions): Variable {
  return (name) => env[name]?.trim() || undefined;
}

function readTls(tls: TlsOptions, variable: Variable): TlsOptions {
  return {
    caFile: tls.caFile ?? variable("NOMAD_CACERT"),
    caPath: tls.caPath ?? variable("NOMAD_CAPATH"),
    certFile: tls.certFile ?? variable("NOMAD_CLIENT_CERT"),
    keyFile: tls.keyFile ?? variable("NOMAD_CLIENT_KEY"),
    serverName: tls.serverName ?? variable("NOMAD_TLS_SERVER_NAME"),
    skipVerify: tls.skipVerify ?? readTruth("NOMAD_SKIP_VERIFY", variable("NOMAD_SKIP_VERIFY")),
  };
}

function readTruth(name: string, value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  const truth = truths[value.toLowerCase()];
  if (truth !== undefined) return truth;
  throw new ParleyError("E_CONFIG_INVALID", `${name} is ${JSON.stringify(value)}; write true or false.`);
}

/** A token with a line break would end the header. The message does not repeat it. */
function checkHeader(name: string, value: string | undefined): string | undefined {
  if (value === undefined || /^[\u0021-\u007e]+$/.test(value)) return value;
  throw new ParleyError("E_CONFIG_INVALID", `${name} holds characters a header cannot carry.`);
}

function readAddress(address: string): Pick<Settings, "baseUrl" | "socketPath"> {
  if (address.startsWith("unix://")) {
    const socketPath = address.slice("unix://".length);
    if (!socketPath.startsWith("/")) throw badAddress("names a socket without its full path");
    return { baseUrl: "http://localhost", socketPath };
  }
  if (!URL.canParse(address)) throw badAddress(`${JSON.stringify(address)} is no URL`);
  const url = new URL(address);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw badAddress("is neither http, https nor unix");
  if (url.username !== "" || url.password !== "") throw badAddress("holds a password; use NOMAD_HTTP_AUTH");
  return { baseUrl: url.origin + url.pathname.replace(/\/+$/, "") };
}

function badAddress(reason: string): ParleyError {
  return new ParleyError(
    "E_CONFIG_INVALID",
    `The Nomad address ${reason}: pass { address } or set NOMAD_ADDR.`,
  );
}
