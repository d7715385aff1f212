import { readFileSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ParleyError } from "@parley/core";
import { nearest } from "@parley/cli";
import { entryKeys, parseGatewayConfig, transportKind } from "@parley/gateway";
import type { GatewayServer, GatewayServers } from "@parley/gateway";
import type { Environment } from "./environment.ts";

/** Which servers a command line means. */
export interface ServersRequest {
  readonly config?: string | undefined;
  /** What followed `--`. */
  readonly upstream?: readonly string[] | undefined;
  readonly type: string;
  readonly header?: Readonly<Record<string, string>> | undefined;
}

export interface FoundServers extends GatewayServers {
  /** Whether there is one server, whose tools are at the top. */
  readonly alone: boolean;
  /** The file's text, to know it again. */
  readonly text?: string | undefined;
  /** What was passed over, each with its place. */
  readonly warnings: readonly string[];
}

/** @throws `E_CONFIG_INVALID` with what to write instead */
export async function findServers(request: ServersRequest, env: Environment): Promise<FoundServers> {
  const { config, upstream } = request;
  if (config !== undefined && upstream !== undefined) {
    throw new ParleyError("E_CONFIG_INVALID", "Both --config and a server after -- are given: keep one.");
  }
  if (config !== undefined) return await readServers(config, env);
  if (upstream === undefined || upstream.length === 0) {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      "No server is named: write mcpo -- COMMAND ARGUMENTS, or mcpo --config FILE; see mcpo --help.",
    );
  }
  return { servers: [aloneServer(upstream, request)], keys: [], alone: true, warnings: [] };
}

const maxBytes = 1_048_576;

export async function readServers(path: string, env: Environment): Promise<FoundServers> {
  const text = await readText(path);
  const warnings: string[] = [];
  const found = parseGatewayConfig(text, {
    path,
    env,
    readFile: (inner) => readFileSync(resolve(dirname(path), inner), "utf8"),
    onWarning(message, { key }) {
      const meant = nearest(key, entryKeys);
      warnings.push(
        meant === undefined ? message : `${message.replace(/\.$/, "")}; did you mean "${meant}"?`,
      );
    },
  });
  return { ...found, alone: false, text, warnings };
}

export async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size <= maxBytes) return await readFile(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    const why = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
    throw new ParleyError("E_CONFIG_INVALID", `--config ${path}: ${why}.`, { cause });
  }
  throw new ParleyError("E_CONFIG_INVALID", `--config ${path}: it is larger than 1 MiB.`);
}

function aloneServer(
  [first = "", ...rest]: readonly string[],
  { type, header }: ServersRequest,
): GatewayServer {
  const kind = transportKind(type);
  if (kind === undefined) {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      `--type: ${JSON.stringify(type)} is none of stdio, sse, streamable-http.`,
    );
  }
  const common = { name: "server", enabled: true, tools: { allow: [], deny: [], changes: {} } };
  if (kind === "stdio") {
    if (/^https?:\/\//.test(first)) {
      throw new ParleyError(
        "E_CONFIG_INVALID",
        `${first} is an address: add --type streamable-http or --type sse.`,
      );
    }
    return { ...common, connection: { kind, command: first, args: rest, env: {}, inheritEnv: true } };
  }
  if (!URL.canParse(first) || rest.length > 0) {
    throw new ParleyError("E_CONFIG_INVALID", `--type ${type}: write one http or https address after --.`);
  }
  return { ...common, connection: { kind, url: first, headers: header ?? {} } };
}
