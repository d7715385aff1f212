import { createInterface } from "node:readline";
import type { Io } from "@parley/cli";
import { ParleyError } from "@parley/core";
import type { GatewayServer } from "@parley/gateway";
import { pickServers, withServers } from "../open-servers.ts";

export interface AuthorizeRequest {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly server: string;
  /** Where the address is pasted; default standard input. */
  readonly input?: NodeJS.ReadableStream | undefined;
}

/**
 * Gets access to a server by a person's consent and keeps the token where the gateway finds it. The browser may be on
 * another machine: the address it was sent back to, which does not open there, is pasted here.
 * @throws what the connection fails with
 */
export async function authorize(
  { flags, server, input = process.stdin }: AuthorizeRequest,
  io: Io,
): Promise<void> {
  let asked = false;
  const lines = createInterface({ input });
  try {
    const state = await withServers(
      {
        flags,
        upstream: undefined,
        pick: (all) => pickServers(all, [server]).map((one) => prepared(one)),
        onAuthorize: async (_name, url) => {
          asked = true;
          io.err(`Open this address in a browser, on any machine:\n\n  ${url.href}\n`);
          io.err("Then wait here, or paste the address the browser was sent back to:");
          return await nextLine(lines);
        },
      },
      io,
      async (gateway) => {
        await gateway.settled;
        return gateway.servers[0];
      },
    );
    // A server whose lists cannot be served let us in nevertheless.
    if (state?.state !== "ready" && state?.state !== "refused") {
      throw new ParleyError(
        "E_OAUTH_FAILED",
        `${server} is ${state?.state ?? "away"}: ${state?.reason ?? "it does not answer"}`,
      );
    }
    io.out(
      asked
        ? `Access to ${server} is granted; the gateway uses it from now on.`
        : `Access to ${server} was granted before.`,
    );
  } finally {
    lines.close();
  }
}

/** @throws `E_CONFIG_INVALID` for a server nobody has to grant access to */
function prepared(server: GatewayServer): GatewayServer {
  const { connection } = server;
  if (connection.kind === "stdio" || connection.oauth === undefined) {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      `The entry ${server.name} has no oauth: nobody is asked for access to it.`,
    );
  }
  if (connection.oauth.storage === "memory") {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      `The entry ${server.name} keeps its token in memory: take out storage_type.`,
    );
  }
  // A gateway that runs may wait at the port of the entry. A client that registers itself may use any other.
  const callbackPort = connection.oauth.client === undefined ? 0 : connection.oauth.callbackPort;
  return {
    ...server,
    enabled: true,
    connection: { ...connection, oauth: { ...connection.oauth, callbackPort } },
  };
}

/** A line that is an address; never, when there is no more input, since the browser may still come back by itself. */
async function nextLine(lines: ReturnType<typeof createInterface>): Promise<string> {
  return await new Promise((resolve) => {
    lines.on("line", (line) => {
      if (URL.canParse(line.trim())) resolve(line.trim());
    });
  });
}
