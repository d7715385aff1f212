import { z } from "zod";
import { ParleyError } from "@parley/core";
import type { Context } from "./_context.ts";
import { refused } from "./_context.ts";
import { cancel, pause, provideInput, resume, retry, revoke } from "./_control.ts";
import { complete, confirmCancel, fail, heartbeat, release, verify } from "./_lease.ts";
import { isPlain, submitPlain } from "./_submit-many.ts";
import { submit } from "./_submit.ts";
import type { Outcome } from "./schema.ts";
import { Failure, LeaseRef, TaskInput } from "./schema.ts";

const onTask = {
  id: z.string().min(1).max(200),
  actor: z.string().max(200).optional(),
  reason: z.string().max(4096).optional(),
};

/** One thing to do to one task; a batch is a list of them. */
export const Command = z.discriminatedUnion("command", [
  z.strictObject({ command: z.literal("submit"), task: TaskInput }),
  z.strictObject({ command: z.literal("complete"), lease: LeaseRef, result: z.unknown().optional() }),
  z.strictObject({ command: z.literal("fail"), lease: LeaseRef, failure: Failure }),
  z.strictObject({ command: z.literal("heartbeat"), lease: LeaseRef, progress: z.unknown().optional() }),
  z.strictObject({ command: z.literal("verify"), lease: LeaseRef }),
  z.strictObject({ command: z.literal("release"), lease: LeaseRef }),
  z.strictObject({ command: z.literal("confirm_cancel"), lease: LeaseRef }),
  z.strictObject({ command: z.literal("cancel"), ...onTask }),
  z.strictObject({ command: z.literal("pause"), ...onTask }),
  z.strictObject({ command: z.literal("resume"), ...onTask }),
  z.strictObject({ command: z.literal("retry"), ...onTask, feedback: z.string().max(4096).optional() }),
  z.strictObject({ command: z.literal("revoke"), ...onTask }),
  z.strictObject({ command: z.literal("provide_input"), ...onTask, input: z.unknown().optional() }),
]);
export type Command = z.input<typeof Command>;
type Parsed = z.output<typeof Command>;

/** Carries one command out. */
export function perform(context: Context, command: Parsed): Outcome {
  switch (command.command) {
    case "submit":
      return submit(context, { input: command.task }).outcome;
    case "complete":
      return complete(context, { lease: command.lease, result: command.result });
    case "fail":
      return fail(context, command);
    case "heartbeat":
      return heartbeat(context, command);
    case "verify":
      return verify(context, command);
    case "release":
      return release(context, command);
    case "confirm_cancel":
      return confirmCancel(context, command);
    case "cancel":
      return cancel(context, command);
    case "pause":
      return pause(context, command);
    case "resume":
      return resume(context, command);
    case "retry":
      return retry(context, command);
    case "revoke":
      return revoke(context, command);
    default:
      return provideInput(context, { ...command, input: command.input });
  }
}

/** Carries commands out in their order; neighbours that submit plain tasks share their writes. */
export function performAll(context: Context, commands: readonly Parsed[]): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  let plain: TaskInput[] = [];
  const submitThose = (): void => {
    for (const outcome of submitPlain(context, plain)) outcomes.push(outcome);
    plain = [];
  };
  for (const command of commands) {
    if (command.command === "submit" && isPlain(command.task)) plain.push(command.task);
    else {
      submitThose();
      outcomes.push(perform(context, command));
    }
  }
  submitThose();
  return outcomes;
}

/** Undoes a transaction's part without failing the call. */
export class Undo extends ParleyError {
  readonly outcomes: readonly Outcome[];

  constructor(outcomes: readonly Outcome[]) {
    super("E_QUEUE_REFUSED", "A batch was undone because one of its commands was refused.");
    this.outcomes = outcomes;
  }
}

/** Undoes what was done when any command was refused, and says so for those that were not. */
export function allOrNothing(outcomes: readonly Outcome[]): readonly Outcome[] {
  if (outcomes.every(({ ok }) => ok)) return outcomes;
  throw new Undo(
    outcomes.map((outcome) =>
      outcome.ok
        ? refused("not_done", "Another command of the batch was refused.", { id: outcome.id })
        : outcome,
    ),
  );
}
