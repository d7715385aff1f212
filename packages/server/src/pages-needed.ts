import { ask } from "@parley/tool-registry";
import type { Questions } from "@parley/tool-registry";
import { isOpen } from "./is-open.ts";
import { RpcFault } from "./rpc-fault.ts";

/** The code of a call that can do its work only after its user has been to a page (MCP 2025-11-25, elicitation in URL mode). */
const urlElicitationRequired = -32_042;
/** Pages that one call may ask for. */
const maxPages = 32;

/** What a server behind a call wants its user to do first. */
export interface PagesNeeded {
  /** As clients of 2025-11-25 are told of it. */
  readonly fault: RpcFault;
  /** As any other is asked; none where the pages cannot be read. */
  readonly questions: Questions;
}

/** The pages that the failure of a call asks for, an error or its record; nothing for any other failure. */
export function pagesNeeded(failure: unknown): PagesNeeded | undefined {
  const details = isOpen(failure) ? failure["details"] : undefined;
  if (!isOpen(details) || details["rpcCode"] !== urlElicitationRequired) return undefined;
  const { rpcMessage, rpcData } = details;
  const message = typeof rpcMessage === "string" ? rpcMessage : "A page has to be visited first.";
  const pages = isOpen(rpcData) && Array.isArray(rpcData["elicitations"]) ? rpcData["elicitations"] : [];
  const questions = pages.slice(0, maxPages).flatMap((page, index) => {
    const question = questionOf(page);
    return question === undefined ? [] : [[`page_${index + 1}`, question] as const];
  });
  return {
    fault: new RpcFault(urlElicitationRequired, message, rpcData),
    questions: Object.fromEntries(questions),
  };
}

/** Nothing for what is no page of the web: a server is a stranger. */
function questionOf(page: unknown): ReturnType<typeof ask.url> | undefined {
  if (!isOpen(page)) return undefined;
  const { url, message } = page;
  if (typeof url !== "string" || !/^https?:\/\//i.test(url)) return undefined;
  return ask.url({ message: typeof message === "string" ? message : "", url });
}
