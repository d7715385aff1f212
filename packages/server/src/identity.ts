import type { Icon } from "@parley/tool-registry";
import type { CheckedServer } from "./checked-server.ts";

/** How a server introduces itself. */
export interface Identity {
  readonly name: string;
  readonly version: string;
  readonly title?: string | undefined;
  readonly instructions?: string | undefined;
  readonly websiteUrl?: string | undefined;
  readonly icons?: readonly Icon[] | undefined;
}

type ServerInfo = ConstructorParameters<typeof CheckedServer>[0];

/** The identity as `serverInfo` carries it. */
export function serverInfo({ name, version, title, websiteUrl, icons }: Identity): ServerInfo {
  const known = {
    name,
    version,
    ...(title === undefined ? {} : { title }),
    ...(websiteUrl === undefined ? {} : { websiteUrl }),
    ...(icons === undefined ? {} : { icons }),
  };
  // Icons are read-only here and not there; nothing writes them.
  return known as ServerInfo;
}
