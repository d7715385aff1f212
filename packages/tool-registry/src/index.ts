/** Defines, validates, loads and calls tools, prompts and resources. */

export type {
  ContentBlock,
  EventSink,
  EventSource,
  JsonSchema,
  LogLevel,
  Prompt,
  Resource,
  Tool,
  ToolAnnotations,
  ToolContext,
  ToolOptions,
  ToolResult,
  ToolReturn,
} from "./definitions.ts";
export { defineTool } from "./define-tool.ts";
export { definePrompt } from "./define-prompt.ts";
export type { PromptMessage, PromptOptions } from "./define-prompt.ts";
export { defineResource } from "./define-resource.ts";
export type { ResourceOptions, ResourceReturn } from "./define-resource.ts";

export { errorMetaKey, errorOf, errorResult, toolResult } from "./tool-result.ts";
export type { ToolResultParts } from "./tool-result.ts";
export { allScopes, hasScope, toolContext } from "./tool-context.ts";

export type { Registry, RegistryChange } from "./registry.ts";
export { createRegistry } from "./create-registry.ts";
export type { RegistryOptions } from "./create-registry.ts";
export {
  eventsProblem,
  promptProblem,
  resourceProblem,
  toolNamePattern,
  toolProblem,
} from "./check-items.ts";
export { listEvents, listPrompt, listResource, listTool } from "./listing.ts";

export { isPrompt, isResource, isTool, loadPrompt, loadResource, loadTool } from "./load-tool.ts";
export type { LoadToolOptions } from "./load-tool.ts";
export { loadModule } from "./load-module.ts";
export type { LoadOptions } from "./load-module.ts";
