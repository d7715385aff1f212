/** A port for chat models, with scripted and recorded ones; the real ones are on "./ai". */

export type {
  ChatMessage,
  ChatModel,
  ChatOptions,
  ChatReply,
  ChatRequest,
  ChatTool,
  ChatToolCall,
  ChatUsage,
} from "./port.ts";
export { createScriptedModel } from "./scripted.ts";
export type { ScriptedAnswer, ScriptedModel, ScriptedOptions } from "./scripted.ts";
export { ChatRecording, createRecordingModel, createReplayModel, readRecording } from "./recording.ts";
export type { RecordingModel } from "./recording.ts";
export { addUsage, completeJson } from "./json.ts";
export type { JsonOptions, JsonReply } from "./json.ts";
export { askAbout } from "./ask-about.ts";
export type { Answered, AskBounds } from "./ask-about.ts";
export { fitsBudget } from "./budget.ts";
export type { Question } from "./budget.ts";
export { limitTokens } from "./limit-tokens.ts";
export type { TokenLimit } from "./limit-tokens.ts";
export { fenceData, oneLine } from "./untrusted.ts";
