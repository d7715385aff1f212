/** What Nomad answers, only the fields in use. Go writes null for what is empty, and versions differ. */

export { Allocation, TaskState } from "./answers/allocations.ts";
export { Deployment } from "./answers/deployments.ts";
export { Evaluation, PlacementMetric, Planned, Registered } from "./answers/evaluations.ts";
export { Job, JobStub, JobSummary, RawJob } from "./answers/jobs.ts";
export { Node } from "./answers/nodes.ts";
export { Ignored, NamespaceAnswer, Variable, VariableStub } from "./answers/others.ts";
