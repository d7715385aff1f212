import { setMaxListeners } from "node:events";
import { readFile } from "node:fs/promises";
import { ParleyError } from "@parley/core";
import { readTrust, resolveOptions, startProgress } from "@parley/cli";
import type { Io, OptionTable, OptionValues } from "@parley/cli";
import { createDispatcher } from "@parley/mcp-client";
import type { ClientIdentity } from "@parley/mcp-client";
import { createResourceAsk } from "./client/resource-ask.ts";
import type { ResourceAsk } from "./client/options.ts";
import type { CommandInput, Dependencies } from "./dependencies.ts";
import { commonOptions } from "./options.ts";

/** A command's hold on its hub. */
export interface Session {
  readonly client: ResourceAsk;
  readonly io: Io;
  readonly dependencies: Dependencies;
  /** Aborted by an interrupt and by `--timeout`. */
  readonly signal: AbortSignal;
  readonly json: boolean;
  /** Prints the result: the value under `--json`, else the text. */
  print(value: unknown, text: () => string): void;
  /** Says something beside the result, unless `--quiet`. */
  notice(text: string): void;
  /** Shows progress while `work` runs. */
  during<Result>(text: string, work: (update: (text: string) => void) => Promise<Result>): Promise<Result>;
  /** A command line for the reader to go on with, with the hub's address where it is not the usual one. */
  command(words: string): string;
}

/** Settles a command's options, common ones included. */
export function readOptions<Table extends OptionTable>(
  input: CommandInput,
  table: Table,
): OptionValues<Table> & OptionValues<typeof commonOptions> {
  const sources = { flags: input.flags, env: input.io.env };
  return { ...resolveOptions(table, sources).values, ...resolveOptions(commonOptions, sources).values };
}

/** Runs a command's work with a hub, and closes what it opened. */
export async function withHub(input: CommandInput, work: (session: Session) => Promise<void>): Promise<void> {
  const { io, dependencies } = input;
  const { values, origins } = resolveOptions(commonOptions, { flags: input.flags, env: io.env });
  const { timeout } = values;
  const limit = new AbortController();
  const timer = timeout === undefined ? undefined : setTimeout(() => limit.abort(), timeout * 1000);
  const url = endpoint(values.url);
  const ca = await readTrust({ ca: values.ca, env: io.env });
  const identity = await readIdentity(values);
  const dispatcher = identity === undefined ? undefined : createDispatcher(ca, identity);
  const client = createResourceAsk({
    url,
    token: await readToken(values, origins),
    ca,
    dispatcher,
    connect: dependencies.connect,
  });
  const suffix = origins.url === "flag" ? ` --url ${values.url}` : "";
  const signal = AbortSignal.any([io.signal, limit.signal]);
  setMaxListeners(0, signal);
  const session: Session = {
    ...output(io, values),
    client,
    io,
    dependencies,
    signal,
    command: (words) => `resource-ask ${words}${suffix}`,
  };
  try {
    await work(session);
  } catch (error) {
    const cut = limit.signal.aborted && !io.signal.aborted;
    if (!cut || !ParleyError.isInstance(error) || error.code !== "E_INTERRUPTED") throw error;
    const { message, details } = error;
    const known = "hubJobId" in details ? ` ${message}` : "";
    throw new ParleyError("E_MCP_TIMEOUT", `The command took longer than ${timeout} s (--timeout).${known}`, {
      details,
      cause: error,
    });
  } finally {
    clearTimeout(timer);
    await client.close();
    await dispatcher?.destroy();
  }
}

async function readIdentity({
  clientCert,
  clientKey,
}: {
  readonly clientCert?: string | undefined;
  readonly clientKey?: string | undefined;
}): Promise<ClientIdentity | undefined> {
  if (clientCert === undefined && clientKey === undefined) return undefined;
  if (clientCert === undefined || clientKey === undefined) {
    const missing = clientCert === undefined ? "--client-cert" : "--client-key";
    throw new ParleyError("E_CONFIG_INVALID", `${missing} is missing: the two go together.`);
  }
  const cert = await readSmall("--client-cert", clientCert);
  return { cert, key: await readSmall("--client-key", clientKey) };
}

/** How a command speaks, for those that need no hub too. */
export function output(
  io: Io,
  { json, quiet }: { readonly json: boolean; readonly quiet: boolean },
): Pick<Session, "json" | "print" | "notice" | "during"> {
  return {
    json,
    print: (value, text) => io.out(json ? JSON.stringify(value, null, 2) : text()),
    notice: (text) => {
      if (!quiet) io.err(text);
    },
    async during(text, work) {
      if (quiet) return work(() => undefined);
      const progress = startProgress(io, text);
      try {
        return await work((next) => progress.update(next));
      } finally {
        progress.stop();
      }
    },
  };
}

/** An address without a path means the hub's usual one. */
function endpoint(text: string): string {
  const url = new URL(text);
  if (url.pathname === "/") url.pathname = "/mcp";
  return url.href;
}

/** A flag outranks a variable, whichever of the two ways of giving a token it is. */
async function readToken(
  values: { readonly token?: string | undefined; readonly tokenFile?: string | undefined },
  origins: { readonly token: string; readonly tokenFile: string },
): Promise<string | undefined> {
  const { token, tokenFile } = values;
  const fileFirst = tokenFile !== undefined && origins.tokenFile === "flag" && origins.token !== "flag";
  if (token !== undefined && !fileFirst) return token;
  if (tokenFile === undefined) return undefined;
  const held = (await readSmall("--token-file", tokenFile)).trim();
  if (held === "") throw new ParleyError("E_CONFIG_INVALID", `--token-file ${tokenFile}: the file is empty.`);
  return held;
}

async function readSmall(flag: string, path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new ParleyError("E_CONFIG_INVALID", `${flag} ${path}: it cannot be read (${code}).`, {
      cause: error,
    });
  });
}
