import { type Clock, ParleyError, systemClock } from "@parley/core";
import type { Authenticator, Caller } from "../auth.ts";
import { readStamp, readTokenFile, type TokenFileVersion } from "./read-token-file.ts";
import { isTokenOf, type TokenEntry, tokenId } from "./token-entry.ts";

/** How {@link tokenFile} is called. */
export interface TokenFileOptions {
  /** One line for the operator: a new version that cannot be used, a file that others may read. */
  readonly notice?: ((text: string) => void) | undefined;
  readonly clock?: Clock | undefined;
}

/** A change of the file counts at most this much later. */
const freshMs = 1000;
/** A file system that does not answer by then leaves the version already read in force. */
const patienceMs = 2000;

interface Holder {
  readonly entry: TokenEntry;
  readonly caller: Caller;
}

/**
 * Knows the tokens of a file that `tokenStore` writes. The file is looked at again when it is used, at most
 * once a second; a version that cannot be used leaves the one before in force.
 * @throws `E_CONFIG_INVALID` when the file cannot be used at the start
 */
export async function tokenFile(path: string, options: TokenFileOptions = {}): Promise<Authenticator> {
  const { notice = () => undefined, clock = systemClock } = options;
  let holders: ReadonlyMap<string, Holder> = new Map();
  let stamp: string | undefined;
  let checkedAt = clock.now();
  let checking: Promise<void> | undefined;

  const adopt = (version: TokenFileVersion): void => {
    holders = new Map(version.tokens.map((entry) => [entry.id, { entry, caller: callerOf(entry) }]));
    stamp = version.stamp;
    if (version.isShared) {
      notice(`Token file ${path}: others may read it; keep it to its owner with chmod 600.`);
    }
  };

  const check = async (): Promise<void> => {
    const now = await readStamp(path);
    if (now === stamp) return;
    try {
      adopt(await readTokenFile(path));
    } catch (error) {
      // Said once for each version.
      stamp = now;
      const why = error instanceof Error ? error.message : String(error);
      notice(`${why} The tokens read before stay in force.`);
    } finally {
      checkedAt = clock.now();
    }
  };

  const refresh = async (): Promise<void> => {
    checking ??= check().finally(() => {
      checking = undefined;
      checkedAt = clock.now();
    });
    await within(checking, patienceMs);
  };

  adopt(await readTokenFile(path));
  return async ({ token }) => {
    const id = token === undefined ? undefined : tokenId(token);
    if (token === undefined || id === undefined) return undefined;
    if (Math.abs(clock.now() - checkedAt) >= freshMs) await refresh();
    const holder = holders.get(id);
    if (holder === undefined || !isTokenOf(holder.entry, token)) return undefined;
    refuseSpent(holder.entry, clock.now());
    return holder.caller;
  };
}

function callerOf({ name, scopes }: TokenEntry): Caller {
  return { name, scopes: new Set(scopes) };
}

function refuseSpent({ name, expiresAt, revokedAt }: TokenEntry, now: number): void {
  const isPast = (time: string | undefined): boolean => time !== undefined && Date.parse(time) <= now;
  if (isPast(revokedAt)) throw new ParleyError("E_AUTH_REQUIRED", `The token "${name}" was revoked.`);
  if (isPast(expiresAt)) {
    throw new ParleyError("E_AUTH_REQUIRED", `The token "${name}" has expired; ask for a new one.`);
  }
}

async function within(work: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
