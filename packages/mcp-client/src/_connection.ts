import { ParleyError } from "@parley/core";
import { startDeadline } from "./_deadline.ts";
import type { Deadline } from "./_deadline.ts";
import { createWaitingRoom } from "./_waiting-room.ts";
import { isSessionLost } from "./_legacy-http.ts";
import { EraDoubt } from "./_link.ts";
import type { Endpoint, Inbound, Link, McpRequest } from "./_link.ts";
import type { JsonObject } from "./json.ts";
import type { McpEra } from "./options.ts";

/** A peer with its era found out and remembered. */
export interface Connection {
  current(): Link | undefined;
  request(request: McpRequest): Promise<JsonObject>;
  /** The link of this moment, opened if need be. */
  link(deadline: Deadline): Promise<Link>;
  /** Drops a link that ended by itself. */
  drop(link: Link): void;
  close(): Promise<void>;
}

interface ConnectionOptions {
  readonly endpoint: Endpoint;
  readonly era: McpEra | "auto";
  readonly timeoutMs: number;
  /** Time of an opening, `timeoutMs` unless given; calls then wait for it without losing their own. */
  readonly startTimeoutMs?: number | undefined;
  readonly closing: AbortSignal;
  readonly inbound: Inbound;
  /** Runs on each new link before its first request. */
  readonly onOpen: (link: Link, deadline: Deadline) => Promise<void>;
  /** Milliseconds of a clock that only rises. */
  readonly now?: () => number;
}

/** How long a peer without a session is taken for legacy before it is asked again. */
const legacyVerdictMs = 600_000;
/** Links dropped with a session that may live on at the peer, to be ended at the close. */
const maxRetired = 16;

/** Opens nothing until the first request; forgets what it found when the peer cannot be reached. */
export function createConnection(options: ConnectionOptions): Connection {
  const { endpoint, era, timeoutMs, startTimeoutMs, closing, inbound } = options;
  const { now = () => performance.now() } = options;
  let opening: Promise<Link> | undefined;
  /** What `opening` led to, once it did. */
  let ready: Link | undefined;
  let current: Link | undefined;
  let openedAt = 0;
  const retired: Link[] = [];
  const waiting = createWaitingRoom(startTimeoutMs !== undefined);

  const open = async (): Promise<Link> => {
    const deadline = startDeadline({
      peer: endpoint.peer,
      what: "the handshake",
      defaultTimeoutMs: startTimeoutMs ?? timeoutMs,
      call: {},
      closing,
    });
    try {
      const link = await endpoint.open(era, waiting.sharing(deadline), inbound);
      current = link;
      openedAt = now();
      await options.onOpen(link, deadline);
      return link;
    } catch (error) {
      throw deadline.reason() ?? error;
    } finally {
      deadline.end();
    }
  };

  const retire = (link: Link): void => {
    link.retire();
    retired.push(link);
    if (retired.length <= maxRetired) return;
    const oldest = retired.shift();
    oldest?.close().catch(() => {});
  };

  /** Drops what was found, without ending other calls on it and without dropping what a later call found. */
  const forget = (used: Promise<Link> | undefined): void => {
    if (opening !== used) return;
    opening = undefined;
    ready = undefined;
    used?.then(retire, () => {});
  };

  const settle = async (fresh: Promise<Link>): Promise<void> => {
    try {
      const link = await fresh;
      if (opening === fresh) ready = link;
    } catch {
      forget(fresh);
    }
  };

  /** What is known of the peer, or the asking for it; a failed asking is not kept. */
  const opened = (): Promise<Link> => {
    const stale = era === "auto" && current?.era === "legacy" && !current.lasting;
    if (stale && now() - openedAt > legacyVerdictMs) forget(opening);
    if (opening) return opening;
    const fresh = open();
    opening = fresh;
    void settle(fresh);
    return fresh;
  };

  const linked = (used: Promise<Link>, deadline: Deadline): Promise<Link> | Link =>
    ready !== undefined && opening === used ? ready : waiting.await(used, deadline);

  /** Whether another attempt is right: the peer did not run the request, and speaks otherwise than was thought. */
  const isWorthAnother = async (
    error: unknown,
    used: Promise<Link>,
    deadline: Deadline,
  ): Promise<boolean> => {
    if (isSessionLost(error)) {
      forget(used);
      return true;
    }
    if (!(error instanceof EraDoubt) || era !== "auto") return false;
    forget(used);
    if (error.certain) return true;
    return (await linked(opened(), deadline)).era === "legacy";
  };

  const again = async (request: McpRequest): Promise<JsonObject> => {
    const link = await linked(opened(), request.deadline);
    try {
      return await link.request(request);
    } catch (error) {
      throw error instanceof EraDoubt ? error.reason : error;
    }
  };

  /** What a request comes to that failed once. */
  const recovered = async (error: unknown, used: Promise<Link>, request: McpRequest): Promise<JsonObject> => {
    if (await isWorthAnother(error, used, request.deadline)) return await again(request);
    if (ParleyError.isInstance(error) && error.code === "E_MCP_UNREACHABLE") forget(used);
    throw error instanceof EraDoubt ? error.reason : error;
  };

  return {
    current: () => current,
    request(request) {
      const used = opened();
      const link = linked(used, request.deadline);
      const sent =
        link instanceof Promise ? link.then((each) => each.request(request)) : link.request(request);
      return sent.catch((error: unknown) => recovered(error, used, request));
    },
    link: async (deadline) => await linked(opened(), deadline),
    drop(link) {
      const used = opening;
      void used?.then(
        (known) => known === link && forget(used),
        () => {},
      );
    },
    async close() {
      const last = await opening?.catch(() => undefined);
      await Promise.all([...retired, ...(last ? [last] : [])].map((link) => link.close().catch(() => {})));
    },
  };
}
