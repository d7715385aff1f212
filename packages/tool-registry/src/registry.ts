import type { EventSource, Prompt, Resource, Tool, ToolContext, ToolResult } from "./definitions.ts";

/** What changed, for list-changed notifications. */
export type RegistryChange = "tools" | "prompts" | "resources" | "events";

/**
 * The tools, prompts, resources and event sources of one server. Cost of a call is flat in the number of tools; lists are
 * kept sorted by name and cached until something changes.
 */
export interface Registry {
  /** Replaces everything of one origin at once. @throws `E_TOOL_DUPLICATE` naming both origins */
  replace(
    origin: string,
    items: {
      tools?: readonly Tool[];
      prompts?: readonly Prompt[];
      resources?: readonly Resource[];
      events?: readonly EventSource[];
    },
  ): void;
  /** @throws `E_TOOL_DUPLICATE`, `E_TOOL_INVALID` */
  addTool(tool: Tool): void;
  addPrompt(prompt: Prompt): void;
  addResource(resource: Resource): void;
  addEvents(source: EventSource): void;
  remove(origin: string): void;
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  readonly resources: readonly Resource[];
  readonly events: readonly EventSource[];
  tool(name: string): Tool | undefined;
  /**
   * Checks the scope, validates, calls. A tool that throws becomes an `isError` result with its code in `_meta`,
   * and so do arguments that do not fit.
   * @throws `E_TOOL_UNKNOWN`, `E_AUTH_FORBIDDEN`
   */
  call(name: string, args: unknown, context: ToolContext): Promise<ToolResult>;
  /** Counts changes; equal versions have equal lists. */
  readonly version: number;
  onChange(listener: (change: RegistryChange) => void): () => void;
  /** Says that what a resource holds has changed; clients that watch its URI are told. */
  touch(uri: string): void;
  onTouch(listener: (uri: string) => void): () => void;
}
