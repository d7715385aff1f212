import { type Readable, PassThrough } from "node:stream";
import {
  Client as NewClient,
  type CreateMessageResult,
  type ElicitResult,
  ReadBuffer,
  serializeMessage,
  StreamableHTTPClientTransport as NewTransport,
  type Transport,
} from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { type ServerOptions, serveStdio } from "@parley/server";
import type { Registry } from "@parley/tool-registry";
import { onTestFinished } from "vitest";
import { testServer } from "./support.ts";

/** What a test does with any client, whatever its generation and wire. */
interface AnyClient {
  call(name: string, args?: Record<string, unknown>): Promise<{ content: unknown; isError?: unknown }>;
  prompt(name: string): Promise<unknown>;
  read(uri: string): Promise<unknown>;
  complete(ref: { type: "ref/prompt"; name: string }, name: string, value: string): Promise<unknown>;
  setLevel(level: "debug" | "info" | "error"): Promise<void>;
  watch(uri: string): Promise<() => Promise<unknown>>;
  readonly logs: unknown[];
  readonly updated: string[];
  readonly asked: unknown[];
}

/** How a client answers; a kind that is left out is not declared. */
interface Answerer {
  readonly form?: (message: string, round: number) => ElicitResult;
  readonly model?: (params: unknown) => CreateMessageResult;
  readonly roots?: readonly { uri: string; name?: string }[];
}

type Connect = (registry: Registry, answerer?: Answerer) => Promise<AnyClient>;

/** Every pair of client and wire. */
export const connections: readonly (readonly [string, Connect])[] = [
  ["v1 SDK over HTTP", async (registry, answerer) => oldOver(await httpOld(registry), answerer)],
  ["v1 SDK over stdio", (registry, answerer) => oldOver(pipeTo(registry), answerer)],
  ["v2 SDK, 2025 era, over HTTP", async (registry, a) => newOver(await httpNew(registry), "legacy", a)],
  ["v2 SDK, 2025 era, over stdio", (registry, a) => newOver(pipeTo(registry), "legacy", a)],
  ["v2 SDK, 2026 era, over HTTP", async (registry, a) => newOver(await httpNew(registry), "auto", a)],
  ["v2 SDK, 2026 era, over stdio", (registry, a) => newOver(pipeTo(registry), "auto", a)],
];

async function urlOf(registry: Registry, options: Partial<ServerOptions> = {}): Promise<URL> {
  const { url } = await testServer({ registry, ...options }).listen();
  return new URL(`${url}/mcp`);
}

const httpOld = async (registry: Registry) => new OldTransport(await urlOf(registry));
const httpNew = async (registry: Registry) => new NewTransport(await urlOf(registry));

/** A client transport over a pair of streams to a server in this process. */
function pipeTo(registry: Registry): Transport {
  const input = new PassThrough();
  const output = new PassThrough();
  const stop = new AbortController();
  const ended = serveStdio({ name: "t", version: "1", registry, input, output, signal: stop.signal });
  onTestFinished(async () => {
    stop.abort();
    await ended;
  });
  return overStreams(input, output);
}

function overStreams(input: PassThrough, output: Readable): Transport {
  const buffer = new ReadBuffer();
  const transport: Transport = {
    async start() {
      output.on("data", (chunk: Buffer) => {
        buffer.append(chunk);
        for (let message = buffer.readMessage(); message !== null; message = buffer.readMessage()) {
          transport.onmessage?.(message);
        }
      });
    },
    async send(message) {
      input.write(serializeMessage(message));
    },
    async close() {
      input.end();
      transport.onclose?.();
    },
  };
  return transport;
}

function capabilitiesOf({ form, model, roots }: Answerer) {
  return {
    ...(form === undefined ? {} : { elicitation: {} }),
    ...(model === undefined ? {} : { sampling: {} }),
    ...(roots === undefined ? {} : { roots: {} }),
  };
}

type OldWire = Parameters<OldClient["connect"]>[0];

async function oldOver(transport: OldWire, answerer: Answerer = {}): Promise<AnyClient> {
  const seen = record();
  const client = new OldClient({ name: "old", version: "1" }, { capabilities: capabilitiesOf(answerer) });
  const { form, model, roots } = answerer;
  if (form !== undefined) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      seen.asked.push(params);
      return form(params.message, seen.asked.length);
    });
  }
  if (model !== undefined)
    client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => model(params));
  if (roots !== undefined) client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [...roots] }));
  client.setNotificationHandler(
    LoggingMessageNotificationSchema,
    ({ params }) => void seen.logs.push(params),
  );
  client.setNotificationHandler(
    ResourceUpdatedNotificationSchema,
    ({ params }) => void seen.updated.push(params.uri),
  );
  await client.connect(transport);
  onTestFinished(() => client.close());
  return {
    ...seen,
    call: (name, args = {}) => client.callTool({ name, arguments: args }) as never,
    prompt: (name) => client.getPrompt({ name }),
    read: (uri) => client.readResource({ uri }),
    complete: (ref, name, value) => client.complete({ ref, argument: { name, value } }),
    setLevel: async (level) => void (await client.setLoggingLevel(level)),
    async watch(uri) {
      await client.subscribeResource({ uri });
      return () => client.unsubscribeResource({ uri });
    },
  };
}

async function newOver(
  transport: Transport,
  mode: "legacy" | "auto",
  answerer: Answerer = {},
): Promise<AnyClient> {
  const seen = record();
  const client = new NewClient(
    { name: "new", version: "1" },
    { capabilities: capabilitiesOf(answerer), versionNegotiation: { mode } },
  );
  const { form, model, roots } = answerer;
  if (form !== undefined) {
    client.setRequestHandler("elicitation/create", ({ params }) => {
      seen.asked.push(params);
      return form(params.message, seen.asked.length);
    });
  }
  if (model !== undefined) client.setRequestHandler("sampling/createMessage", ({ params }) => model(params));
  if (roots !== undefined) client.setRequestHandler("roots/list", () => ({ roots: [...roots] }));
  client.setNotificationHandler("notifications/message", ({ params }) => void seen.logs.push(params));
  client.setNotificationHandler(
    "notifications/resources/updated",
    ({ params }) => void seen.updated.push(params.uri),
  );
  await client.connect(transport);
  onTestFinished(() => client.close());
  let level: string | undefined;
  const _meta = () => (level === undefined ? {} : { _meta: { "io.modelcontextprotocol/logLevel": level } });
  return {
    ...seen,
    call: (name, args = {}) => client.callTool({ name, arguments: args, ..._meta() }),
    prompt: (name) => client.getPrompt({ name }),
    read: (uri) => client.readResource({ uri }),
    complete: (ref, name, value) => client.complete({ ref, argument: { name, value } }),
    async setLevel(wanted) {
      if (mode === "legacy") await client.setLoggingLevel(wanted);
      else level = wanted;
    },
    async watch(uri) {
      if (mode === "legacy") {
        await client.subscribeResource({ uri });
        return () => client.unsubscribeResource({ uri });
      }
      const subscription = await client.listen({ resourceSubscriptions: [uri] });
      return () => subscription.close();
    },
  };
}

function record() {
  return { logs: [] as unknown[], updated: [] as string[], asked: [] as unknown[] };
}
