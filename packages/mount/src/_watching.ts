import { ParleyError } from "@parley/core";
import type { McpClient } from "@parley/mcp-client";
import { isObject } from "./_questions.ts";

/** Most URIs of one server that are watched, listed ones first. */
const maxWatched = 100;

/**
 * Watches a server's resources, so that whoever watches them here hears of changes: those it lists, and those of a family
 * that were read.
 */
export interface Watching {
  has(uri: string): boolean;
  /** Watches what is listed now, in place of what was. */
  follow(listed: readonly string[]): Promise<void>;
  add(uri: string): Promise<void>;
  /** Watches the same over another connection, whose server may be a program of its own. */
  copyTo(other: McpClient): Promise<void>;
}

export function createWatching(client: McpClient, signal: AbortSignal): Watching {
  const watched = new Set<string>();
  const read = new Set<string>();

  const canWatch = async (): Promise<boolean> => {
    // Whoever fixes the era of a client has not asked for the server's capabilities yet.
    const { capabilities } = client.server ?? (await client.discover({ signal }));
    const resources = isObject(capabilities) ? capabilities["resources"] : undefined;
    return isObject(resources) && resources["subscribe"] === true;
  };
  const change = async (uri: string, wanted: boolean): Promise<void> => {
    try {
      if (wanted) await client.subscribeResource(uri, { signal });
      else await client.unsubscribeResource(uri, { signal });
    } catch (error) {
      // It may refuse a URI: changes of that one are not heard, reading works as ever.
      watched.delete(uri);
      if (!ParleyError.isInstance(error)) throw error;
    }
  };
  const add = async (uri: string): Promise<void> => {
    if (watched.has(uri) || watched.size >= maxWatched || !(await canWatch())) return;
    watched.add(uri);
    await change(uri, true);
  };

  return {
    has: (uri) => watched.has(uri),
    async follow(listed) {
      const wanted = new Set([...listed, ...read]);
      for (const uri of [...watched].filter((each) => !wanted.has(each))) {
        watched.delete(uri);
        await change(uri, false);
      }
      for (const uri of wanted) await add(uri);
    },
    async copyTo(other) {
      for (const uri of watched) await other.subscribeResource(uri, { signal });
    },
    async add(uri) {
      if (read.size < maxWatched) read.add(uri);
      await add(uri);
    },
  };
}
