import { ParleyError } from "@parley/core";
import type { McpNotification } from "@parley/mcp-client";
import type { CallSession } from "@parley/tool-registry";
import type { ForwardedQuestion } from "./_questions.ts";
import { isObject } from "./_questions.ts";

/** Pages that clients were sent to, so that who was sent hears that it is done; the oldest is forgotten first. */
const maxVisits = 1000;
const maxIdLength = 512;

/** The method by which a server of 2025-11-25 tells that a page it sent somebody to needs them no more. */
const complete = "notifications/elicitation/complete";

/** JSON-RPC code of a refusal that names pages to visit first. */
const visitFirst = -32_042;

/** Which client was sent to which page of a mounted server. A client without a session cannot be told. */
export interface Visits {
  /** Told of questions on their way to a client. */
  asked(questions: Readonly<Record<string, ForwardedQuestion>>, session: CallSession | undefined): void;
  /** Told of what a call failed with, which may name pages too. */
  failed(error: unknown, session: CallSession | undefined): void;
  /** Hands on that a page is done, once; nobody is told of a page they were not sent to. */
  hear(notification: McpNotification): void;
}

export function createVisits(): Visits {
  const visitors = new Map<string, CallSession>();
  const remember = (id: unknown, session: CallSession): void => {
    if (typeof id !== "string" || id.length > maxIdLength) return;
    visitors.delete(id);
    visitors.set(id, session);
    const [oldest] = visitors.keys();
    if (visitors.size > maxVisits && oldest !== undefined) visitors.delete(oldest);
  };
  return {
    asked(questions, session) {
      if (session === undefined) return;
      for (const { kind, params } of Object.values(questions)) {
        if (kind === "url") remember(params?.["elicitationId"], session);
      }
    },
    failed(error, session) {
      if (session === undefined || !ParleyError.isInstance(error)) return;
      if (error.details["rpcCode"] !== visitFirst) return;
      const data = error.details["rpcData"];
      const pages = isObject(data) ? data["elicitations"] : undefined;
      if (!Array.isArray(pages)) return;
      for (const page of pages) if (isObject(page)) remember(page["elicitationId"], session);
    },
    hear({ method, params: { elicitationId: id } }) {
      const session = method === complete && typeof id === "string" ? visitors.get(id) : undefined;
      if (session === undefined || typeof id !== "string") return;
      visitors.delete(id);
      if (!session.closed.aborted) void session.notify(complete, { elicitationId: id });
    },
  };
}
