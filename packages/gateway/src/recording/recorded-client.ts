import { canonicalJson, isoTime, toParleyError } from "@parley/core";
import type { Clock } from "@parley/core";
import type { JsonObject, McpCallOptions, McpClient, McpProgress } from "@parley/mcp-client";
import type { Exchange, ListMethod, RecordingLine } from "./format.ts";

export interface RecordedClientOptions {
  readonly server: string;
  readonly clock: Clock;
  readonly keep: (line: RecordingLine) => void;
}

/** Reports kept of one call. */
const maxProgress = 100;

type List = (options?: McpCallOptions) => Promise<readonly JsonObject[]>;
type Request = (options: McpCallOptions | undefined) => Promise<JsonObject>;

/** The same client, each of whose exchanges is written down. */
export function recordedClient(client: McpClient, options: RecordedClientOptions): McpClient {
  const list = listRecorder(client, options);
  const call = (
    what: { readonly method: string; readonly params: JsonObject },
    request: Request,
    given: McpCallOptions | undefined,
  ): Promise<JsonObject> => exchange(what, { request, given, options });
  return {
    ...client,
    get era() {
      return client.era;
    },
    get server() {
      return client.server;
    },
    listTools: list("tools/list", (own) => client.listTools(own)),
    listPrompts: list("prompts/list", (own) => client.listPrompts(own)),
    listResources: list("resources/list", (own) => client.listResources(own)),
    listResourceTemplates: list("resources/templates/list", (own) => client.listResourceTemplates(own)),
    callTool: (name, args = {}, given) =>
      call(
        { method: "tools/call", params: { name, arguments: args } },
        (own) => client.callTool(name, args, own),
        given,
      ),
    readResource: (uri, given) =>
      call({ method: "resources/read", params: { uri } }, (own) => client.readResource(uri, own), given),
    getPrompt: (name, args = {}, given) =>
      call(
        { method: "prompts/get", params: { name, arguments: args } },
        (own) => client.getPrompt(name, args, own),
        given,
      ),
    complete: (completion, given) =>
      call(
        { method: "completion/complete", params: { ...completion } },
        (own) => client.complete(completion, own),
        given,
      ),
    request: (method, params = {}, given) =>
      call({ method, params }, (own) => client.request(method, params, own), given),
  };
}

/** Lists are read again and again, and written down when they have changed. */
function listRecorder(client: McpClient, { server, keep }: RecordedClientOptions) {
  const last = new Map<string, string>();
  const hasChanged = (what: string, value: unknown): boolean => {
    const text = canonicalJson(value);
    if (last.get(what) === text) return false;
    last.set(what, text);
    return true;
  };
  return (method: ListMethod, read: List): List =>
    async (given) => {
      const items = await read(given);
      const { server: info } = client;
      if (info !== undefined && hasChanged("identity", info)) keep({ kind: "identity", server, info });
      if (hasChanged(method, items)) {
        keep({ kind: "list", server, method, items: items.map((item) => ({ ...item })) });
      }
      return items;
    };
}

interface Exchanging {
  readonly request: Request;
  readonly given: McpCallOptions | undefined;
  readonly options: RecordedClientOptions;
}

async function exchange(
  { method, params }: { readonly method: string; readonly params: JsonObject },
  { request, given, options: { server, clock, keep } }: Exchanging,
): Promise<JsonObject> {
  const at = isoTime(clock.now());
  const begun = performance.now();
  const progress: McpProgress[] = [];
  const own: McpCallOptions = {
    ...given,
    onProgress(report) {
      if (progress.length < maxProgress) progress.push(report);
      given?.onProgress?.(report);
    },
  };
  const end = (how: Pick<Exchange, "result" | "error">): void => {
    const durationMs = Math.round((performance.now() - begun) * 10) / 10;
    const told = progress.length === 0 ? {} : { progress };
    keep({ kind: "call", server, at, durationMs, method, params, ...told, ...how });
  };
  try {
    const result = await request(own);
    end({ result });
    return result;
  } catch (thrown) {
    const { code, message, details } = toParleyError(thrown);
    // A caller who has left says nothing of the server.
    if (code !== "E_INTERRUPTED" && own.signal?.aborted !== true) end({ error: { code, message, details } });
    throw thrown;
  }
}
