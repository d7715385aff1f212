import type { IncomingMessage } from "node:http";

const both = "application/json, text/event-stream";

/**
 * Has a client that takes anything, or says nothing of it, take both kinds of answer (RFC 9110): the SDK looks for the
 * two words and would refuse what curl sends.
 */
export function acceptAny({ headers, rawHeaders }: IncomingMessage): void {
  const { accept } = headers;
  if (accept !== undefined && !/(?:^|,)\s*\*\/\*/.test(accept)) return;
  headers.accept = both;
  // Its two ways in read one each.
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === "accept");
  if (at === -1) rawHeaders.push("accept", both);
  else rawHeaders[at + 1] = both;
}
