import type { Ending } from "@parley/core";
import type { z } from "zod";
import type { Asking } from "./asking.ts";
import type { ContentAnnotations } from "./content.ts";

/** A JSON Schema, passed through untouched. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Hints about a tool's effects (MCP tool annotations); hints of a remote tool are never trusted. */
export interface ToolAnnotations {
  readonly title?: string | undefined;
  readonly readOnlyHint?: boolean | undefined;
  readonly destructiveHint?: boolean | undefined;
  readonly idempotentHint?: boolean | undefined;
  readonly openWorldHint?: boolean | undefined;
}

/** A block of an MCP result, as the protocol has it. */
export type ContentBlock = { readonly type: string } & Readonly<Record<string, unknown>>;

/** The result of a tool call, as the protocol has it. A tool that ran and failed says `isError`. */
export interface ToolResult {
  readonly content: readonly ContentBlock[];
  readonly structuredContent?: unknown;
  readonly isError?: boolean | undefined;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
  /** How long it may be kept, where another server said so; absent where nobody did. */
  readonly ttlMs?: number | undefined;
  readonly cacheScope?: CacheHint["scope"];
}

/** Severity of a message to a client (RFC 5424). */
export type LogLevel = "debug" | "info" | "notice" | "warning" | "error" | "critical" | "alert" | "emergency";

/** A picture that stands for a tool, prompt, resource or server. */
export interface Icon {
  /** An https or data URI. */
  readonly src: string;
  readonly mimeType?: string | undefined;
  /** Such as `48x48` or `any`. */
  readonly sizes?: readonly string[] | undefined;
  readonly theme?: "light" | "dark" | undefined;
}

/** The lasting connection a call came over. Clients of 2026-07-28 over HTTP have none: each request stands alone. */
export interface CallSession {
  /** Tells sessions of one server apart; nothing a client sent. */
  readonly id: string;
  /** Aborts when the session ends. */
  readonly closed: AbortSignal;
  /** The same, for the many calls that would each listen. */
  readonly ending?: Ending | undefined;
  /** Hears that what the client would answer to `roots/list` has changed; returns what ends that. */
  onRootsChanged?(listener: () => void): () => void;
  /**
   * What the client answers to `roots/list`, asked outside of a call; nothing where it has no roots or does not answer in
   * a few seconds.
   */
  listRoots?(signal: AbortSignal): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Sends the client a notification; one that cannot be delivered is dropped. */
  notify(method: string, params: Readonly<Record<string, unknown>>): Promise<void>;
}

/** What a running tool knows about its call, and how it speaks with its client. */
export interface ToolContext extends Asking {
  readonly signal: AbortSignal;
  /** The same end, where it can be heard of without the cost of a signal. */
  readonly ending?: Ending | undefined;
  /** Absent where calls have nothing in common. */
  readonly session?: CallSession | undefined;
  /** Name of the caller's credential; absent where no credential is asked. */
  readonly caller?: string | undefined;
  /** Scopes of the caller's credential. */
  readonly scopes: ReadonlySet<string>;
  /** Headers of the caller's request, where a server was told to show them; they may hold secrets. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The least severe log messages the client asked for; absent where it wants none. */
  readonly logLevel?: LogLevel | undefined;
  /** Reports progress; does nothing when the caller asked for none. */
  progress(done: number, total?: number, message?: string): void;
  /** Sends a log message to the client, if it asked for that level; never a place for secrets. */
  log(level: LogLevel, data: unknown, logger?: string): void;
  /**
   * Lets a client of the 2025 revisions that waits on a stream hang up and fetch the result later, for a long call
   * behind a proxy that cuts idle connections; does nothing where the client cannot come back.
   */
  hangUp(): void;
  /**
   * Whether the call may take as long as it needs, because its client follows it as a task; otherwise it had better end
   * within a minute.
   */
  readonly mayOutlive?: boolean | undefined;
  /** Whether no run of this call went before, as after a question; absent where that is not known. */
  readonly isFirstRun?: boolean | undefined;
  /** Makes the call a task now rather than when it takes long; questions are asked by that task from then on. */
  readonly outlive?: (() => Promise<void>) | undefined;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
}

/** A tool as a server serves it. `inputSchema` and `outputSchema` reach clients as they stand. */
export interface Tool {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema | undefined;
  readonly annotations?: ToolAnnotations | undefined;
  readonly icons?: readonly Icon[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
  /** Scope a caller needs; default `read`. */
  readonly scope?: "read" | "negotiate" | "dispatch" | "admin" | undefined;
  /**
   * Whether a call may outlive its request as an MCP task; absent means never. An `optional` call answers at once if it
   * is quick, and questions it asks by then go out on its request; what takes longer becomes a task. A `required` one is
   * a task from its start, asks its questions there, and refuses clients that cannot follow tasks.
   */
  readonly task?: "optional" | "required" | undefined;
  /** Where it came from, for messages: a module path, a worker id. */
  readonly origin?: string | undefined;
  /**
   * Hands calls on as they come: arguments arrive unvalidated, and the context makes its parts when they are read, so that
   * it must not be spread. Without it arguments arrive validated against `inputSchema`.
   */
  readonly passThrough?: boolean | undefined;
  call(args: Readonly<Record<string, unknown>>, context: ToolContext): Promise<ToolResult>;
}

/** Arguments or variables a client has filled in already, by name. */
export type Filled = Readonly<Record<string, string>>;

/** Values for what is being typed, best first, where there are more than are given. */
export interface Suggestions {
  readonly values: readonly string[];
  /** How many there are; absent where that is not known. */
  readonly total?: number | undefined;
  readonly hasMore?: boolean | undefined;
}

/** A prompt as a server serves it. */
export interface Prompt {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly arguments?:
    | readonly { name: string; description?: string | undefined; required?: boolean | undefined }[]
    | undefined;
  readonly icons?: readonly Icon[] | undefined;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly origin?: string | undefined;
  /** Values for an argument that begin with what the user has typed, best first; a list is all there are. */
  complete?(argument: string, typed: string, filled: Filled): Promise<readonly string[] | Suggestions>;
  get(
    args: Readonly<Record<string, string>>,
    context: ToolContext,
  ): Promise<{
    description?: string;
    messages: readonly { role: "user" | "assistant"; content: ContentBlock }[];
  }>;
}

/** How long a client may keep what it read, and whether a proxy may serve it to others. */
export interface CacheHint {
  /** Milliseconds. */
  readonly ttlMs: number;
  /** Default `private`. */
  readonly scope?: "public" | "private" | undefined;
}

/** A resource, or a family of them when `uriTemplate` (RFC 6570) is given. */
export interface Resource {
  readonly name: string;
  readonly uri?: string | undefined;
  readonly uriTemplate?: string | undefined;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly mimeType?: string | undefined;
  /** In bytes, where it is known before reading. */
  readonly size?: number | undefined;
  readonly annotations?: ContentAnnotations | undefined;
  readonly icons?: readonly Icon[] | undefined;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
  readonly cache?: CacheHint | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly origin?: string | undefined;
  /**
   * Says from now on which URI holds something new, so that clients that watch it are told; returns what ends that.
   * A registry asks while it holds the resource.
   */
  watch?(touched: (uri: string) => void): () => void;
  /** Whether somebody may hear of changes of a URI; who may not is told that there is no such resource. Default: all may. */
  mayWatch?(uri: string, who: Watcher): boolean;
  /** Values for a variable of the template that begin with what the user has typed, best first; a list is all there are. */
  complete?(variable: string, typed: string, filled: Filled): Promise<readonly string[] | Suggestions>;
  /** @param variables - what the URI has in place of the template's variables */
  read(
    uri: string,
    context: ToolContext,
    variables?: Readonly<Record<string, string | string[]>>,
  ): Promise<ResourceContents>;
}

/** What was read, and how long that may be kept where another server said so. */
export interface ResourceContents extends ReadonlyArray<{
  uri: string;
  mimeType?: string;
  text?: string;
  blob?: string;
}> {
  /** Goes before the resource's own. */
  readonly cache?: CacheHint | undefined;
}

/** Who asks to hear of changes. */
export type Watcher = Pick<ToolContext, "caller" | "session">;

/** Where a source of events puts them. */
export interface EventSink {
  /** Ends when the subscription does. */
  readonly signal: AbortSignal;
  /** Delivers one event; `data` must be JSON-able. */
  emit(data: unknown): void;
  /** Ends the subscription because its source has failed for good. */
  fail(error: unknown): void;
}

/** A source of events that clients subscribe to. */
export interface EventSource {
  readonly name: string;
  readonly description?: string | undefined;
  /** JSON Schema of the parameters of a subscription. */
  readonly parameters: JsonSchema;
  readonly capabilities?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Scope a subscriber needs; default `read`. */
  readonly scope?: Tool["scope"];
  readonly origin?: string | undefined;
  /**
   * Starts delivering and returns; delivery goes on until `sink.signal` aborts, when everything held is freed.
   * @throws `E_ARGUMENT_INVALID` for parameters that do not fit
   */
  subscribe(params: Readonly<Record<string, unknown>>, sink: EventSink): Promise<void>;
}

/** How {@link defineTool} is called: the handler's argument type is inferred from `input`. */
export interface ToolOptions<Input extends z.ZodObject, Output extends z.ZodType | undefined> {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description: string;
  readonly input: Input;
  readonly output?: Output;
  readonly annotations?: ToolAnnotations | undefined;
  readonly icons?: readonly Icon[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly scope?: Tool["scope"];
  readonly task?: Tool["task"];
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Returns text, a JSON-able value (served as structured content with a text twin), or a whole
   * {@link ToolResult} made by `toolResult`.
   */
  handler(args: z.output<Input>, context: ToolContext): Promise<ToolReturn<Output>> | ToolReturn<Output>;
}

export type ToolReturn<Output> = Output extends z.ZodType ? z.input<Output> | ToolResult : unknown;
