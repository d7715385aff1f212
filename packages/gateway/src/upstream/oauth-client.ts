import { join } from "node:path";
import { createDispatcher } from "@parley/mcp-client";
import type { McpAuth } from "@parley/mcp-client";
import {
  createClientCredentials,
  createFileStore,
  createMemoryStore,
  createOAuth,
} from "@parley/mcp-client/oauth";
import type { GatewayServer } from "../config/gateway-config.ts";
import type { ClientSurroundings } from "./open-client.ts";

/** Gets tokens for a server whose entry has `oauth`: by a person's consent, or by the gateway's own credential. */
export function authFor(
  { name, connection }: GatewayServer,
  { tokenDirectory, onAuthorize, ca, checkAddress }: ClientSurroundings,
): McpAuth | undefined {
  if (connection.kind === "stdio" || connection.oauth === undefined) return undefined;
  const { serverUrl, storage, callbackPort, clientName, scope, client, clientMetadataUrl, grant } =
    connection.oauth;
  const inFile = storage === "file" && tokenDirectory !== undefined;
  const common = {
    url: serverUrl ?? connection.url,
    scope,
    dispatcher: createDispatcher(ca, undefined, checkAddress),
    store: inFile ? createFileStore(join(tokenDirectory, `${name}.json`)) : createMemoryStore(),
  };
  if (grant === "client_credentials" && client?.secret !== undefined) {
    return createClientCredentials({ ...common, clientId: client.id, credential: { secret: client.secret } });
  }
  return createOAuth({
    ...common,
    clientName,
    client,
    clientMetadataUrl,
    redirectPort: callbackPort,
    onAuthorize: async (url) => await onAuthorize?.(name, url),
  });
}
