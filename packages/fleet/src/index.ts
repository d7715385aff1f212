/** The two roles of a federation: hub and worker. Neither listens on its own; give them a server. */

export { createHub } from "./hub/hub.ts";
export type { Hub } from "./hub/hub.ts";
export type { HubModel } from "./hub/choice.ts";
export type { FanOutMode, HubConfig, HubDependencies, LinkTarget } from "./hub/config.ts";
export type { Answer, GateResult, Negotiation, NegotiationRecord } from "./hub/negotiation-record.ts";
export type { NegotiateOptions, NegotiateResult, Operations, WaitOptions } from "./hub/operations.ts";
export type { DispatchOptions } from "./hub/ledger.ts";
export type { LogRequest } from "./hub/site-calls.ts";
export type { DispatchResult } from "./hub/submission.ts";
export type { AskOptions, ChooseOptions } from "./hub/negotiator.ts";
export type { WorkerFilter } from "./hub/roster.ts";
export type { FleetTruth } from "./hub/truth.ts";

export { createWorker } from "./worker/worker.ts";
export type { HubAddress, Worker, WorkerConfig, WorkerDependencies, WorkerReader } from "./worker/worker.ts";
export type { Dispatched, Dispatcher } from "./worker/dispatcher.ts";
export { hubBase } from "./worker/join.ts";
export type { JoinState, Membership } from "./worker/join.ts";

export type { WorkerLink } from "./wire/link.ts";
