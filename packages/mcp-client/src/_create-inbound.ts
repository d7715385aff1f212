import { capabilitiesOf, runHandler } from "./_handlers.ts";
import type { Inbound, Link } from "./_link.ts";
import type { McpCommonOptions } from "./options.ts";

interface InboundOptions {
  readonly options: McpCommonOptions;
  readonly wantsStream: boolean;
  readonly logLevel: () => string | undefined;
  readonly lost: (link: Link) => void;
}

/** Brings what a peer begins to the callbacks of the client, or of the call it came with. */
export function createInbound({ options, wantsStream, logLevel, lost }: InboundOptions): Inbound {
  const usual = capabilitiesOf(options.handlers, options.capabilities);
  return {
    wantsStream,
    logLevel,
    capabilities: (handlers) =>
      handlers ? capabilitiesOf({ ...options.handlers, ...handlers }, options.capabilities) : usual,
    notify(notification, during) {
      (during?.call.onNotification ?? options.onNotification)?.(notification);
    },
    answer(request, { signal, during, isGuess }) {
      const handlers = { ...options.handlers, ...during?.call.handlers };
      return runHandler(handlers, request, { signal, during: during?.method, isGuess });
    },
    lost(link, reason) {
      lost(link);
      options.onDisconnect?.(reason);
    },
    warn: (message) => options.onWarning?.(message),
  };
}
