/** Defines, validates, loads and calls tools, prompts and resources. */

export type {
  CacheHint,
  CallSession,
  ContentBlock,
  EventSink,
  EventSource,
  Filled,
  Icon,
  JsonSchema,
  LogLevel,
  Prompt,
  Resource,
  ResourceContents,
  Suggestions,
  Tool,
  ToolAnnotations,
  ToolContext,
  ToolOptions,
  ToolResult,
  ToolReturn,
  Watcher,
} from "./definitions.ts";
export { defineTool } from "./define-tool.ts";
export { chooseOperations, defineOperation, operationTool, unconfirmed } from "./operation.ts";
export type {
  DefinedOperation,
  OperationAnswer,
  OperationChoice,
  OperationContext,
  OperationEntry,
  OperationOptions,
  OperationToolOptions,
} from "./operation.ts";
export { definePrompt } from "./define-prompt.ts";
export type { PromptMessage, PromptOptions } from "./define-prompt.ts";
export { defineResource } from "./define-resource.ts";
export type { ResourceOptions, ResourceReturn } from "./define-resource.ts";
export type { ResourceFamilyOptions } from "./resource-family.ts";
export { matchTemplate } from "./uri-template.ts";
export { defineEvents } from "./define-events.ts";
export type { EventsOptions } from "./define-events.ts";

export type { Completer } from "./complete.ts";

export { ask } from "./questions.ts";
export type {
  Answers,
  AskKind,
  FormAnswer,
  FormContent,
  FormQuestion,
  Question,
  Questions,
  Root,
  Sample,
  SampleMessage,
  SampleQuestion,
  UrlAnswer,
} from "./questions.ts";
export { createAsking, nobodyToAsk } from "./asking.ts";
export type { Asking, AskingBase } from "./asking.ts";
export { audio, embeddedResource, image, resourceLink } from "./content.ts";
export type { ContentAnnotations } from "./content.ts";

export { errorMetaKey, errorOf, errorResult, toolResult } from "./tool-result.ts";
export type { ToolResultParts } from "./tool-result.ts";
export { isBlock, readRemoteCache, readRemoteResult, readRemoteTool } from "./remote.ts";
export type { RemoteTool } from "./remote.ts";
export { allScopes, hasScope, toolContext } from "./tool-context.ts";

export type { Registry, RegistryChange } from "./registry.ts";
export { createRegistry } from "./create-registry.ts";
export type { RegistryOptions } from "./create-registry.ts";
export { maskErrors } from "./mask-errors.ts";
export type { MaskedFault, MaskErrorsOptions } from "./mask-errors.ts";
export {
  eventsProblem,
  promptProblem,
  resourceProblem,
  toolNamePattern,
  toolProblem,
} from "./check-items.ts";
export { listEvents, listPrompt, listResource, listTool } from "./listing.ts";

export { isEventSource, isPrompt, isResource, isTool } from "./recognise.ts";
export { loadEvents, loadPrompt, loadResource, loadTool } from "./load-tool.ts";
export type { LoadToolOptions } from "./load-tool.ts";
export { loadItems } from "./load-items.ts";
export type { LoadedItems, LoadItemsOptions } from "./load-items.ts";
export { loadModule } from "./load-module.ts";
export type { LoadOptions } from "./load-module.ts";
