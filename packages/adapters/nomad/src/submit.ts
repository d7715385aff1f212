import { ParleyError } from "@parley/core";
import { z } from "zod";
import type { RawJob } from "./answers.ts";
import { Confirm, WaitSeconds } from "./arguments.ts";
import type { Call } from "./call.ts";
import { Plan, Registration, type Submission, planJob, registerJob } from "./register.ts";
import { Waited, waitForJob } from "./wait.ts";

/** The arguments of the tools that register a job. */
export const submitArguments = {
  dry_run: z.boolean().default(false).describe("Only plans it, for example: true"),
  enforce_index: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe("The job must still have this job_modify_index; 0: it must be new; for example: 0"),
  check: z
    .boolean()
    .default(true)
    .describe(
      "Plans first and asks for confirm where running allocations would be stopped, for example: true",
    ),
  wait: z
    .enum(["none", "evaluated", "running", "complete"])
    .default("none")
    .describe("What to wait for before answering, for example: running"),
  timeout_seconds: WaitSeconds,
  confirm: Confirm,
};

/** What submitting a job answers. */
export const Submitted = z.object({
  registered: z.boolean(),
  plan: Plan.optional(),
  registration: Registration.optional(),
  waited: Waited.optional(),
});
export type Submitted = z.infer<typeof Submitted>;

interface SubmitArgs {
  readonly namespace?: string | undefined;
  readonly dry_run: boolean;
  readonly enforce_index?: number | undefined;
  readonly check: boolean;
  readonly wait: "none" | "evaluated" | "running" | "complete";
  readonly timeout_seconds?: number | undefined;
  readonly confirm: boolean;
}

interface SubmitJob {
  readonly job: RawJob;
  readonly submission?: Submission | undefined;
  readonly warnings: readonly string[];
}

/** Plans a job and, unless that is all, registers it and waits. @throws `E_CONFIRM_REQUIRED` */
export async function submit(call: Call, job: SubmitJob, args: SubmitArgs): Promise<Submitted> {
  const request = { ...job, namespace: args.namespace };
  if (args.dry_run) return { registered: false, plan: await planJob(call, request) };
  const plan = args.check ? await planJob(call, request) : undefined;
  if (plan?.destructive === true && !args.confirm) {
    throw new ParleyError(
      "E_CONFIRM_REQUIRED",
      `Nothing was done. Registering job ${JSON.stringify(plan.job_id)} would stop or replace running allocations: ` +
        `${sayChanges(plan.changes)}. Call it again with confirm: true to go on.`,
      { details: { plan } },
    );
  }
  const registration = await registerJob(call, { ...request, enforceIndex: args.enforce_index });
  const { job_id, namespace } = registration;
  if (args.wait === "none")
    return { registered: true, ...(plan === undefined ? {} : { plan }), registration };
  const waited = await waitForJob(call, {
    job_id,
    namespace,
    until: args.wait,
    timeout_seconds: args.timeout_seconds ?? call.patienceSeconds,
  });
  return { registered: true, ...(plan === undefined ? {} : { plan }), registration, waited };
}

/** A submission in words. */
export function saySubmitted({ registered, plan, registration, waited }: Submitted): string {
  const lines = registered
    ? [`Registered ${registration?.namespace ?? ""}/${registration?.job_id ?? ""}.`]
    : ["Dry run: nothing was registered."];
  if (plan !== undefined) lines.push(sayPlan(plan));
  if (waited !== undefined)
    lines.push(`${waited.done ? "Now" : "So far"}: ${waited.outcome}. ${waited.reason}`);
  return [...lines, ...(registration?.warnings ?? plan?.warnings ?? [])].join("\n");
}

/** A plan in words. */
export function sayPlan(plan: Plan): string {
  const changes = sayChanges(plan.changes) || "nothing changes";
  const failures = plan.failures.map(({ explanation }) => explanation);
  return [`Plan: ${changes}.`, ...failures, ...plan.diff.slice(0, 20)].join("\n");
}

function sayChanges(changes: Plan["changes"]): string {
  return Object.entries(changes)
    .map(([group, counts]) => {
      const each = Object.entries(counts).map(([kind, count]) => `${kind} ${String(count)}`);
      return `${group}: ${each.join(", ") || "nothing"}`;
    })
    .join("; ");
}
