import { formatDuration } from "@parley/core";
import type { Job } from "@parley/core";
import type { Io } from "@parley/cli";
import { renderTable } from "@parley/cli/table";
import type { DispatchAnswer } from "../client/answers.ts";
import { clean } from "./clean.ts";

/** A job as lines of a name and a value. */
export function renderJob(job: Job, io: Pick<Io, "colors">): string {
  const lines: [string, string | undefined][] = [
    ["Job", job.id],
    ["Worker", job.workerId],
    ["Site job", [job.manager, job.siteJobId].filter((part) => part !== undefined).join(" ") || undefined],
    ["State", stateText(job, io)],
    ["Reason", job.error === undefined ? job.reason : `${job.error.code}: ${job.error.message}`],
    ["Command", commandText(job)],
    ["Exit code", job.exitCode === undefined ? undefined : String(job.exitCode)],
    ["Submitted", job.submittedAt],
    ["Started", timed(job.startedAt, job.actual.waitSeconds, "after")],
    ["Finished", timed(job.finishedAt, job.actual.runSeconds, "ran")],
  ];
  return panel(lines, io);
}

/** What a site said when it took, or refused, a job. */
export function renderReceipt(answer: DispatchAnswer, io: Pick<Io, "colors">): string {
  const { job, receipt, repeated } = answer;
  const failed = receipt.status === "FAILED";
  const lines: [string, string | undefined][] = [
    ["Worker", answer.worker_id],
    ["Job", receipt.job_id ?? job.siteJobId],
    ["Hub job", answer.hub_job_id],
    ["Command", commandText(job)],
    [
      "Status",
      failed ? io.colors.red("FAILED") : io.colors.green(repeated ? "SUCCESS (sent before)" : "SUCCESS"),
    ],
    ["Error", receipt.error && `${receipt.error.code}: ${receipt.error.message}`],
    ["Said", receipt.reasoning === receipt.error?.message ? undefined : receipt.reasoning],
  ];
  return panel(lines, io);
}

export function renderJobs(jobs: readonly Job[], io: Pick<Io, "colors" | "width">): string {
  return renderTable({
    head: ["Job", "Worker", "Site job", "State", "Created", "Command"],
    rows: jobs.map((job) => [
      clean(job.id, 64),
      clean(job.workerId, 40),
      clean(job.siteJobId ?? "-", 40),
      stateText(job, io),
      clean(job.createdAt, 30),
      clean(commandText(job) ?? job.request, 120),
    ]),
    width: io.width,
    colors: io.colors,
  });
}

function stateText(job: Job, { colors }: Pick<Io, "colors">): string {
  if (job.state === "COMPLETED") return colors.green(job.state);
  if (job.state === "FAILED" || job.state === "CANCELED") return colors.red(job.state);
  return job.state;
}

function commandText(job: Job): string | undefined {
  const argv = job.spec?.command ?? [];
  return argv.length === 0
    ? job.requirements?.execution?.command
    : argv
        .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
        .join(" ");
}

function timed(at: string | undefined, seconds: number | undefined, verb: string): string | undefined {
  if (at === undefined) return undefined;
  return seconds === undefined ? at : `${at} (${verb} ${formatDuration(seconds)})`;
}

function panel(lines: readonly [string, string | undefined][], { colors }: Pick<Io, "colors">): string {
  return lines
    .flatMap(([name, value]) => {
      if (value === undefined || value === "") return [];
      const styled = name === "State" || name === "Status";
      return [`${colors.bold(name.padEnd(10))} ${styled ? value : clean(value, 500)}`];
    })
    .join("\n");
}
