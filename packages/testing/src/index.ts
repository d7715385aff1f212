/** Conformance suites per port, and stand-ins for time and programs. Imported from tests only. */

export { describeAdapter } from "./describe-adapter.ts";
export type {
  AdapterCall,
  AdapterExample,
  AdapterFailure,
  AdapterPage,
  AdapterSuite,
  AdapterUnderTest,
  AdapterVariant,
} from "./adapter-suite.ts";
export {
  annotationFaults,
  confirmFaults,
  descriptionFaults,
  nameFaults,
  outputFaults,
  promptFaults,
  resultFaults,
  secretFaults,
} from "./adapter-faults.ts";
export { describeChatModel } from "./describe-chat-model.ts";
export type { ChatModelUnderTest } from "./describe-chat-model.ts";
export { describeEngine } from "./describe-engine.ts";
export type { EngineFixture, EngineJobs, EngineSuite } from "./describe-engine.ts";
export { fakeClock } from "./fake-clock.ts";
export type { FakeClock } from "./fake-clock.ts";
export { describeProvider } from "./describe-provider.ts";
export type { ProviderSuite } from "./describe-provider.ts";
export { fakeHost } from "./fake-host.ts";
export type { FakeAnswer, FakeHost, FakeHostOptions } from "./fake-host.ts";
export { describeDatabase } from "./describe-database.ts";
export type { DatabaseUnderTest, DescribeDatabaseOptions } from "./describe-database.ts";
export { describeTaskStore, taskRecord } from "./describe-task-store.ts";
export type { DescribeTaskStoreOptions, TaskStoreUnderTest } from "./describe-task-store.ts";
export { loadRecordings, replayRun } from "./replay-run.ts";
export type { Recording, ReplayOptions, ReplayRun } from "./replay-run.ts";
export { slurmAccountingAvailable, startAccountedCluster } from "./slurm-accounting.ts";
export type { AccountedCluster } from "./slurm-accounting.ts";
export { slurmAvailable, startSlurmClusters } from "./slurm-clusters.ts";
export type { SlurmCluster, SlurmClusterName, SlurmClusters } from "./slurm-clusters.ts";
export { describeStrategy, proposalCandidate, selectContext } from "./describe-strategy.ts";
export { checkTotalQueue } from "./check-total-queue.ts";
export type { QueueHistory, TotalQueueReport } from "./check-total-queue.ts";
