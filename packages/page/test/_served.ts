import { setTimeout as sleep } from "node:timers/promises";
import { ParleyError } from "@parley/core";
import { createEvents } from "@parley/events";
import { createPage } from "@parley/page";
import { createServer, requireScope, staticToken } from "@parley/server";
import { createRegistry, definePrompt, defineResource, defineTool, toolResult } from "@parley/tool-registry";
import type { Registry } from "@parley/tool-registry";
import { z } from "zod";

/** Markup that would run if it were taken as such; it calls for a page of another origin too. */
export const attack = `</span><img src="http://192.0.2.1/x.png" onerror="document.title='owned'"><script>document.title='owned'</script>`;

const note = z.union([z.string(), z.array(z.string())]);
const booking = z.object({
  who: z.string().min(2).describe("Whose seats they are"),
  seats: z.number().int().min(1).max(8).default(2),
  place: z.enum(["stalls", "balcony"]).default("stalls"),
  contact: z.object({ mail: z.string(), phones: z.array(z.string()).default([]) }),
  quiet: z.boolean().optional(),
  note: note.optional(),
});

const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Tools of every kind the page has to deal with. */
function exampleRegistry(): Registry {
  const registry = createRegistry();
  const nothing = z.object({});
  registry.addTool(
    defineTool({
      name: "book",
      title: "Book seats",
      description: "Books seats for an evening and says what was booked.",
      input: booking,
      output: booking,
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
      handler: (args) => args,
    }),
  );
  registry.addTool(
    defineTool({
      name: "fail",
      description: "Always fails.",
      input: nothing,
      handler() {
        throw new ParleyError("E_TOOL_FAILED", "The house is closed tonight.");
      },
    }),
  );
  registry.addTool(
    defineTool({
      name: "count",
      description: "Counts and then waits until it is cancelled.",
      input: nothing,
      async handler(_args, context) {
        context.progress(2, 5, "Counting");
        await sleep(60_000, undefined, { signal: context.signal });
        return "done";
      },
    }),
  );
  registry.addTool(
    defineTool({
      name: "ask",
      description: "Asks before it does anything.",
      input: nothing,
      async handler(_args, context) {
        const schema = z.object({ colour: z.enum(["red", "blue"]), sure: z.boolean() });
        const answer = await context.elicit({ message: "Which colour?", schema });
        return answer.action === "accept"
          ? `You chose ${answer.content.colour}.`
          : `You said ${answer.action}.`;
      },
    }),
  );
  registry.addTool(
    defineTool({
      name: "media",
      description: "Answers with an image, a link, and types that are no such thing.",
      input: nothing,
      handler: () =>
        toolResult({
          content: [
            { type: "image", data: pixel, mimeType: "image/png" },
            { type: "image", data: pixel, mimeType: "text/html" },
            { type: "resource_link", uri: "notes://today", name: "today" },
          ],
        }),
    }),
  );
  registry.addTool(
    defineTool({
      name: "evil",
      title: `Evil ${attack}`,
      description: `Evil ${attack}`,
      input: z.object({ [`field ${attack}`]: z.string().describe(attack).optional() }),
      handler: () => `Result ${attack}`,
    }),
  );
  registry.addPrompt(
    definePrompt({
      name: "praise",
      description: "Praises somebody.",
      input: z.object({ who: z.string().describe("Whom to praise") }),
      handler: ({ who }) => `Praise ${who} in one sentence.`,
    }),
  );
  registry.addResource(
    defineResource({
      name: "today",
      uri: "notes://today",
      mimeType: "application/json",
      handler: () => '{"rain":true}',
    }),
  );
  registry.addResource(
    defineResource({
      name: "day",
      uriTemplate: "notes://days/{day}",
      input: z.object({ day: z.string() }),
      handler: ({ day }) => `Nothing happens on ${day}.`,
    }),
  );
  const events = createEvents({});
  registry.replace(events.origin, events);
  return registry;
}

/** A server with the page, on a free port. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

export async function serve(
  options: { token?: string | undefined; registry?: Registry } = {},
): Promise<Served> {
  const page = createPage({ readAccess: requireScope("read") });
  const server = createServer({
    name: "example",
    version: "1.2.3",
    registry: options.registry ?? exampleRegistry(),
    observers: [page.observer],
    ...(options.token === undefined ? {} : { authenticator: staticToken(options.token) }),
  });
  await server.app.register((scope) => page.plugin(scope));
  const { url } = await server.listen({ port: 0 });
  return { url: `${url}/`, close: () => server.close() };
}
