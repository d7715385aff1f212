import type { JsonObject } from "@parley/mcp-client";
import type { CallSession } from "@parley/tool-registry";

const changed = "notifications/roots/list_changed";

/**
 * Whose roots a connection has. As long as one client alone has called over it these are that client's: the server hears
 * when they change, and gets them when it asks outside of a call. With several there are none but those of the call that
 * runs by itself, and the server hears when that begins, so that it does not keep what it had.
 */
export interface ClientRoots {
  /** Whether the server has ever asked for roots. */
  readonly wanted: boolean;
  /** Whether a call of this client would make it unclear whose roots are meant. */
  isOthers(session: CallSession): boolean;
  /** Told of a call before it is sent; resolves when the server has been told what that changes. */
  use(session: CallSession | undefined): Promise<void> | undefined;
  /**
   * Answers the server: by the call that runs, if there is one and it lasts until its client has answered. An error would
   * have the server keep the roots it had, so one for whom there are none gets an empty list.
   */
  answer(
    signal: AbortSignal,
    during: () => Promise<JsonObject> | JsonObject | undefined,
  ): Promise<JsonObject>;
  /** Forgets all clients. */
  close(): void;
}

/** @param notify - sends the server a notification */
export function createClientRoots(notify: (method: string) => Promise<void>): ClientRoots {
  const clients = new Map<CallSession, () => void>();
  // Who has no session never says that it has gone.
  let hasStranger = false;
  let wanted = false;

  const sole = (): CallSession | undefined => {
    const [first] = clients.keys();
    return clients.size === 1 && !hasStranger ? first : undefined;
  };
  // The next call finds out by itself that a server is away.
  const tell = (): Promise<void> => notify(changed).catch(() => undefined);
  /** The server keeps roots only if it asked for some. */
  const changing = (change: () => void): Promise<void> | undefined => {
    const before = sole();
    change();
    return wanted && sole() !== before ? tell() : undefined;
  };
  const leave = (session: CallSession): void => {
    clients.get(session)?.();
    clients.delete(session);
  };
  const enter = (session: CallSession): void => {
    const stop = session.onRootsChanged?.(() => {
      if (sole() === session) void tell();
    });
    const gone = (): void => void changing(() => leave(session));
    session.closed.addEventListener("abort", gone, { once: true });
    clients.set(session, () => {
      stop?.();
      session.closed.removeEventListener("abort", gone);
    });
  };
  return {
    get wanted() {
      return wanted;
    },
    isOthers: (session) => hasStranger || (clients.size > 0 && !clients.has(session)),
    use(session) {
      if (session === undefined ? hasStranger : clients.has(session)) return undefined;
      return changing(() => {
        if (session === undefined) hasStranger = true;
        else if (!session.closed.aborted) enter(session);
      });
    },
    async answer(signal, during) {
      // Many servers ask as soon as they are connected, when there is no client yet.
      wanted = true;
      const asked = await settled(during);
      const roots = asked ?? (await sole()?.listRoots?.(signal));
      return roots === undefined ? { roots: [] } : { ...roots };
    },
    close() {
      for (const session of clients.keys()) leave(session);
    },
  };
}

async function settled(during: Parameters<ClientRoots["answer"]>[1]): Promise<JsonObject | undefined> {
  try {
    return await during();
  } catch {
    // The call ended first, or its client would not say.
    return undefined;
  }
}
