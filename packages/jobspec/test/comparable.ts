import { completeShape } from "@parley/jobspec";
import type { BatchJob, Loss } from "@parley/jobspec";

/** Fields a report says something about: what was lost, and what says it instead. */
export const reportedFields = (report: readonly Loss[]): Set<string> =>
  new Set(report.flatMap(({ field, became = [] }) => (field === undefined ? [] : [field, ...became])));

/** What of a job has to be the same after a round trip: all but the reported fields, in one form. */
export function comparable(job: BatchJob, reported: ReadonlySet<string>): Record<string, unknown> {
  const { modules: _read, ...fields } = job;
  const mail =
    fields.mail === undefined ? {} : { mail: { ...fields.mail, events: fields.mail.events.toSorted() } };
  const full = { ...fields, ...mail, ...completeShape(job) };
  const tasks = reported.has("tasks") || reported.has("tasksPerNode") || reported.has("nodes");
  const skipped = (field: string): boolean =>
    reported.has(field) || (tasks && (field === "tasks" || field === "tasksPerNode"));
  const entries = Object.entries(full).filter(([field, value]) => value !== undefined && !skipped(field));
  return Object.fromEntries(entries.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
