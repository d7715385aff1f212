import { type ErrorRecord, toParleyError } from "@parley/core";
import {
  defineResource,
  defineTool,
  errorMetaKey,
  listEvents,
  type Registry,
  type Resource,
  type Tool,
  toolResult,
  type ToolResult,
} from "@parley/tool-registry";
import { z } from "zod";
import type { Subscriptions } from "./subscriptions.ts";

const Stream = z.object({
  provider: z.string(),
  description: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  capabilities: z.array(z.string()),
});

const Subscribed = z.object({
  subscription_id: z.string(),
  status: z.literal("subscribed"),
  message: z.string(),
  /** Where the events can be read back. */
  resource: z.string(),
});

/** At a hub all callers would be one owner, and the events themselves out of reach: these tools are not mirrored. */
const _meta = { "parley/control": true } as const;

/** The three tools by which clients follow event sources. */
export function createEventTools(registry: Registry, subscriptions: Subscriptions): readonly Tool[] {
  const list = defineTool({
    name: "list_event_streams",
    _meta,
    description: "The event sources that subscribe takes, with the parameters of each.",
    input: z.object({}),
    output: z.array(Stream),
    annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    handler: () => registry.events.map((source) => Stream.parse(listEvents(source))),
  });
  const subscribe = defineTool({
    name: "subscribe",
    _meta,
    description:
      "Subscribes to an event source. Events arrive as notifications/message in the session, and can be read at events://SUBSCRIPTION_ID.",
    input: z.object({
      provider_name: z.string().describe("A provider of list_event_streams, for example: timer"),
      params: z
        .record(z.string(), z.unknown())
        .default({})
        .describe('Parameters of the provider, for example: {"every_seconds": 60}'),
    }),
    output: Subscribed,
    annotations: { readOnlyHint: true, idempotentHint: false, openWorldHint: false },
    async handler({ provider_name: provider, params }, context) {
      try {
        const { id } = await subscriptions.subscribe(provider, params, context);
        const resource = `events://${id}`;
        const message = `Subscribed to ${provider}; read ${resource} for its events.`;
        return { subscription_id: id, status: "subscribed" as const, message, resource };
      } catch (thrown) {
        const error = toParleyError(thrown, "E_TOOL_FAILED").toJSON();
        return failed({ error: error.message, status: "failed" }, error);
      }
    },
  });
  const unsubscribe = defineTool({
    name: "unsubscribe",
    _meta,
    description: "Ends a subscription of this session or caller.",
    input: z.object({
      subscription_id: z.string().describe("What subscribe answered, for example: sub_01J8Z3"),
    }),
    output: z.object({ status: z.literal("success"), message: z.string() }),
    annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    handler({ subscription_id: id }, context) {
      try {
        subscriptions.unsubscribe(id, context);
        return { status: "success" as const, message: `Unsubscribed from ${id}.` };
      } catch (thrown) {
        const error = toParleyError(thrown).toJSON();
        return failed({ status: "error", message: error.message }, error);
      }
    },
  });
  return [list, subscribe, unsubscribe];
}

/** What a subscription has received, for clients that have no session and for those that missed something. */
export function createEventResources(subscriptions: Subscriptions): readonly Resource[] {
  const uriTemplate = "events://{subscription_id}";
  const page = defineResource({
    name: "events_after",
    uriTemplate: `${uriTemplate}{?after}`,
    description: "The events of a subscription after a sequence number.",
    mimeType: "application/json",
    input: z.object({
      subscription_id: z.string(),
      after: z.coerce.number().int().min(0).default(0),
    }),
    mayWatch: (uri, who) => subscriptions.holds(idIn(uri), who),
    handler: ({ subscription_id: id, after }, context) =>
      JSON.stringify(subscriptions.read(id, after, context)),
  });
  const description = "The last events of a subscription.";
  // Matchers differ on whether the parameters of a URI may be missing; this one also reads those it is given.
  return [{ ...page, name: "events", uriTemplate, description }, page];
}

/** Of a URI that has matched the template. */
function idIn(uri: string): string {
  return uri.slice("events://".length).split("?", 1)[0] ?? "";
}

function failed(structured: Readonly<Record<string, string>>, error: ErrorRecord): ToolResult {
  return toolResult({ structured, isError: true, _meta: { [errorMetaKey]: error } });
}
