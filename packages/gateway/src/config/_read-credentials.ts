import type { Credential } from "./_entry.ts";
import type { EntryProblem } from "./_read-entry.ts";
import type { GatewayKey, GatewayServer } from "./gateway-config.ts";

/** What a key's entry says of credentials, as headers by server. */
export function readCredentials(
  credentials: Readonly<Record<string, Credential>>,
): NonNullable<GatewayKey["credentials"]> {
  return Object.fromEntries(
    Object.entries(credentials).map(([server, { token, headers }]) => [
      server,
      {
        ...Object.fromEntries(
          Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
        ),
        ...(token == null ? {} : { authorization: `Bearer ${token}` }),
      },
    ]),
  );
}

/** Credentials that no server would get. */
export function credentialProblems(
  keys: readonly GatewayKey[],
  servers: readonly GatewayServer[],
): readonly EntryProblem[] {
  return keys.flatMap(({ name, credentials = {} }) =>
    Object.keys(credentials).flatMap((wanted): EntryProblem[] => {
      const path = ["keys", name, "credentials", wanted];
      const server = servers.find((one) => one.name === wanted);
      if (server === undefined) return [{ path, message: "there is no server of this name" }];
      if (!server.enabled || server.connection.kind !== "stdio") return [];
      return [{ path, message: "a program over stdio has no headers; give it its secret in env" }];
    }),
  );
}
