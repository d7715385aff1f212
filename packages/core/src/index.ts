/** The kernel: records, errors, ids and units. Pure; everything else in Parley stands on it. */

export { ExitCode, ParleyError, errorTable, toParleyError } from "./errors.ts";
export type { ErrorCode, ErrorRecord, ParleyErrorOptions } from "./errors.ts";

export { bytesPerGib, formatBytes, formatDuration, parseDurationSeconds } from "./units.ts";
export {
  canonicalJson,
  digest,
  maxToolNameLength,
  fittingToolName,
  namespacedTool,
  newId,
  newSortableId,
  shortHash,
  toolPrefix,
  workerIdPattern,
} from "./ids.ts";
export type { RandomBytes } from "./ids.ts";
export { AfterTurn } from "./after-turn.ts";
export { joined } from "./joined.ts";
export { globPattern } from "./glob.ts";
export { isoTime, systemClock } from "./clock.ts";
export type { Clock } from "./clock.ts";
export { seededRandom } from "./random.ts";
export type { Random } from "./random.ts";

export { JobRequirements, MatchSpan, SoftwareRequirement } from "./requirements.ts";
export type { Range } from "./requirements.ts";
export {
  ContainerRuntime,
  Evidence,
  Fabric,
  Facts,
  Hardware,
  InstalledSoftware,
  Manifest,
  MpiInstallation,
  NodeGroup,
  Partition,
  Policy,
  Prices,
  ProbeReport,
  ProbeStatus,
  Scope,
  SoftwareInventory,
  Storage,
  Workload,
} from "./facts.ts";
export {
  CallForProposals,
  Clause,
  Estimates,
  Factor,
  FactorName,
  Proposal,
  ProposalMetrics,
  Quantiles,
  RecordedCall,
  Verdict,
} from "./proposal.ts";
export { unreadableStructured } from "./unreadable-structured.ts";
export { AddedRequirements, ModelPart, ModelReading } from "./reading.ts";
export { factorTable, missingScore, readFactors, scoreReading } from "./factors.ts";
export { Job, JobSpec, JobState, JobStatus, LogChunk, Receipt, SoftwareLoad, isTerminal } from "./job.ts";
export { Contribution, RankedCandidate, Selection } from "./selection.ts";
export { TrustEvent } from "./trust.ts";
export {
  Labels,
  Registration,
  RegistrationReply,
  SecretaryInfo,
  WorkerState,
  WorkerView,
} from "./cluster.ts";
export { Plan, PlanAgent, Step, StepType, terminalSteps } from "./plan.ts";
export { InFlight, InFlightById } from "./in-flight.ts";
export { endingOf, Stop, type Ending } from "./stop.ts";
export { recordJsonSchema, records } from "./json-schema.ts";
