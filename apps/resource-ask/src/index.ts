/** The client of a Parley hub that `resource-ask` is made of. */

export { createResourceAsk } from "./client/resource-ask.ts";
export type {
  AskOptions,
  AskRequest,
  CallOptions,
  DispatchRequest,
  FollowOptions,
  LogOptions,
  NegotiateAnswer,
  NegotiateRequest,
  RequirementFields,
  ResourceAsk,
  ResourceAskOptions,
  SelectRequest,
  WaitOptions,
} from "./client/options.ts";
export { DispatchAnswer, NegotiationAnswer, TruthAnswer } from "./client/answers.ts";
