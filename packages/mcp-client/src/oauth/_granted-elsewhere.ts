import { setTimeout as sleep } from "node:timers/promises";
import type { StoredOAuthTokens } from "@modelcontextprotocol/client";
import type { Keeper } from "./_keeper.ts";

/** How often the store is looked at. */
const lookMs = 1000;

/**
 * Looks at what is in use now.
 * @returns waits until another process that shares the store was granted more; throws the signal's reason
 */
export async function watchGrants(
  keeper: Keeper,
  scope: string | undefined,
): Promise<(signal: AbortSignal) => Promise<void>> {
  const before = await keeper.tokens();
  return async (signal) => {
    for (;;) {
      await sleep(lookMs, undefined, { signal, ref: false });
      // A file that cannot be read now is looked at again.
      const now = await keeper.tokens().catch(() => undefined);
      if (now !== undefined && isGrant(now, { before, scope })) return;
    }
  };
}

interface Asked {
  readonly before: StoredOAuthTokens | undefined;
  readonly scope: string | undefined;
}

/** What another process merely renewed is no wider than it was. */
function isGrant(
  { access_token: token, scope: granted }: StoredOAuthTokens,
  { before, scope }: Asked,
): boolean {
  return token !== before?.access_token && (before === undefined || covers(granted, scope));
}

/** A grant that says nothing of its scope is what was asked for (RFC 6749, section 5.1). */
function covers(granted: string | undefined, wanted = ""): boolean {
  if (granted === undefined) return true;
  const scopes = new Set(granted.split(" "));
  return wanted.split(" ").every((scope) => scope === "" || scopes.has(scope));
}
