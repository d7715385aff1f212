/** What the part of the gateway page's address after `#` names. */
export interface GatewayRoute {
  readonly server?: string | undefined;
  readonly tool?: string | undefined;
  /** A resource that a tool of the server shown last has answered with. */
  readonly resource?: string | undefined;
}

export function gatewayRouteOf(hash: string): GatewayRoute {
  const resource = /^#\/resources\/(.+)$/s.exec(hash)?.[1];
  if (resource !== undefined) return { resource: decoded(resource) };
  const [, server, tool] = /^#\/servers\/([^/]+)(?:\/(.+))?$/s.exec(hash) ?? [];
  if (server === undefined) return {};
  return { server: decoded(server), tool: tool === undefined ? undefined : decoded(tool) };
}

export function serverHash(server: string): string {
  return `#/servers/${encodeURIComponent(server)}`;
}

export function toolHash(server: string, tool: string): string {
  return `${serverHash(server)}/${encodeURIComponent(tool)}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
