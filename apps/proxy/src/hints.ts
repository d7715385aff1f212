import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { canonicalJson, globPattern } from "@parley/core";
import { which } from "@parley/exec";
import { locateInConfig, secretsOf } from "@parley/gateway";
import type { GatewayKey, GatewayServer, Path } from "@parley/gateway";
import type { Environment } from "./environment.ts";
import type { FoundServers } from "./servers.ts";

/** What is not wrong with a file and may still not be meant; lines and columns count from 1. */
export interface Hint {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

interface Found {
  readonly path: Path;
  readonly message: string;
}

/** Looks at a file that can be read, and at what it names on this machine. */
export async function hintsFor(
  path: string,
  { servers, keys, text = "" }: FoundServers,
  env: Environment,
): Promise<readonly Hint[]> {
  const used = servers.filter(({ enabled }) => enabled);
  const found = [
    ...(await Promise.all(used.map((server) => programHints(server, env)))).flat(),
    ...used.flatMap(addressHints),
    ...twinHints(used),
    ...keys.flatMap((key) => keyHints(key, servers)),
    ...(await openFileHints(path, { servers, keys, text })),
  ];
  return found
    .map(({ path: place, message }) => ({ ...locateInConfig(text, place), message }))
    .toSorted((left, right) => left.line - right.line || left.column - right.column);
}

const at = (server: string, ...rest: Path): Path => ["mcpServers", server, ...rest];

async function programHints(
  { name, connection }: GatewayServer,
  env: Environment,
): Promise<readonly Found[]> {
  if (connection.kind !== "stdio") return [];
  const { command, cwd, env: own } = connection;
  const hasFolder = cwd === undefined || (await isFolder(cwd));
  const isThere =
    (await which(
      command.includes("/") ? resolve(cwd ?? "", command) : command,
      own["PATH"] ?? env["PATH"] ?? "",
    )) !== undefined;
  return [
    ...(isThere
      ? []
      : [
          {
            path: at(name, "command"),
            message: `there is no program ${JSON.stringify(command)} on this machine`,
          },
        ]),
    ...(hasFolder ? [] : [{ path: at(name, "cwd"), message: "there is no such folder" }]),
  ];
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/;

function addressHints({ name, connection }: GatewayServer): readonly Found[] {
  if (connection.kind === "stdio") return [];
  const { protocol, hostname } = new URL(connection.url);
  const isOpen =
    protocol === "http:" && !loopback.test(hostname) && Object.keys(connection.headers).length > 0;
  return isOpen
    ? [{ path: at(name, "url"), message: "its headers travel unencrypted; use https where they are secret" }]
    : [];
}

function twinHints(servers: readonly GatewayServer[]): readonly Found[] {
  const first = new Map<string, string>();
  return servers.flatMap(({ name, connection }) => {
    const key = canonicalJson(connection);
    const twin = first.get(key);
    if (twin === undefined) first.set(key, name);
    return twin === undefined ? [] : [{ path: at(name), message: `it is the same server as ${twin}` }];
  });
}

function keyHints({ name, servers, tools }: GatewayKey, all: readonly GatewayServer[]): readonly Found[] {
  const matches = (glob: string): boolean => all.some((server) => globPattern(glob).test(server.name));
  // A server's name may hold dots.
  const begins = (glob: string): boolean =>
    glob.split(".", 64).some((_part, end, parts) => matches(parts.slice(0, end + 1).join(".")));
  const dead = (field: "servers" | "tools", globs: readonly string[]): readonly Found[] =>
    globs.flatMap((glob, index) =>
      (field === "tools" ? begins(glob) : matches(glob))
        ? []
        : [{ path: ["keys", name, field, index], message: `${JSON.stringify(glob)} fits no server here` }],
    );
  return [...dead("servers", servers), ...dead("tools", tools)];
}

const othersMayRead = 0o044;

/** A secret that stands in the file itself is for whoever may read it. */
async function openFileHints(
  path: string,
  { servers, keys, text }: { readonly text: string } & Pick<FoundServers, "servers" | "keys">,
): Promise<readonly Found[]> {
  const { mode } = await stat(path);
  const isWritten = secretsOf(servers, keys).some((secret) => secret.length >= 6 && text.includes(secret));
  if ((mode & othersMayRead) === 0 || !isWritten) return [];
  const message = "it holds secrets and others may read it: chmod 600, or write ${NAME} or ${file:PATH}";
  return [{ path: [], message }];
}
